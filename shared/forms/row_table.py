"""How rows that are written to their end are shown: a table with a few columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class RowColumn:
    """A column: `of` are the questions whose answers stand in it, `more` those told when one asks for all of it."""

    label: Mapping[str, str]
    of: tuple[str, ...]
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowTable:
    """What a row is called, in the middle of a sentence, and the columns of the table."""

    name: Mapping[str, str]
    columns: tuple[RowColumn, ...]
