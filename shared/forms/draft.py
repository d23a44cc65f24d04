"""Answers on their way into a document: what was read, what could not be read, and how it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.forms.problems import Problem


@dataclass(frozen=True)
class RowsState:
    """The rows that are being written: `opened` gives by path what a row was before, empty for a new one.

    `act` is what the last button did (add, edit, done, cancel, remove), `path` the row, `number` where it stood.
    """

    opened: Mapping[str, str] = field(default_factory=dict)
    act: str = ""
    path: str = ""
    number: int = 0


@dataclass(frozen=True)
class Draft:
    """A document with new answers. `typed` holds what people wrote where it could not be read, so that it is shown
    again. `person` are answers that belong to the person store.
    """

    document: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    person: Mapping[str, str | None] = field(default_factory=dict)
    rows: RowsState = field(default_factory=RowsState)


def new_document(form: str, version: int, answers: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A document nobody has written in yet."""
    return {"form": form, "version": version, "answers": dict(answers or {}), "confirmed": [], "context": {}}
