"""The lists of the form for new users, each narrowed by the one above it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.identity.domain.application import Choices, narrowed
from services.identity.store.units import Units
from shared.db.database import Database
from shared.scheduling.clock import Clock

UNIT_LISTS = frozenset({"region", "organisation", "clinic", "department", "applied_organisation"})


@dataclass(frozen=True)
class Option:
    """One line of a list: what is sent, and its name (empty where the texts of the page know it)."""

    value: str
    name: str


def form_lists(fields: Mapping[str, str], *, database: Database, clock: Clock) -> dict[str, list[Option]]:
    """For each list of the form its options after the choices made so far."""
    choices = read_choices(database, clock)
    offered = narrowed(fields, choices)
    return {field: [_option(field, value, choices) for value in values] for field, values in offered.items()}


def read_choices(database: Database, clock: Clock) -> Choices:
    """The whole organisation tree and who takes part in what."""
    with database.reading() as session:
        return Units(session, clock.now()).choices()


def _option(field: str, value: str, choices: Choices) -> Option:
    unit = choices.tree.find(int(value)) if field in UNIT_LISTS else None
    return Option(value, unit.name if unit is not None else "")
