"""Write the letter that ends a case; the same case gives the same letter, however often it is written."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.reservation.domain.errors import RuleBroken
from services.reservation.domain.registry import Registry
from services.reservation.store.store import Store
from services.reservation.store.tables import CaseRow
from services.reservation.usecases.ports import Letter
from shared.scheduling.clock import oslo
from shared.ui.letters.make_letter import Value, make_letter, title_of

_TEMPLATE = "reservation_closed"


@dataclass(frozen=True, kw_only=True)
class LetterFacts:
    """What a letter says of its case."""

    case_id: str
    registry: str
    language: str
    received_on: date
    closed_on: date
    projects: Sequence[str]


def facts_of(store: Store, row: CaseRow) -> LetterFacts:
    """The facts of a closed case; raises RuleBroken for one that is not."""
    if row.closed_at is None:
        raise RuleBroken("case_not_closed")
    return LetterFacts(
        case_id=row.case_id,
        registry=row.registry_key,
        language=row.language,
        received_on=oslo(row.received_at).date(),
        closed_on=oslo(row.closed_at).date(),
        projects=store.projects(row.case_id),
    )


def write_letter(facts: LetterFacts, registries: Mapping[str, Registry]) -> Letter:
    """The letter as PDF. It takes a moment: never inside a transaction."""
    registry = registries[facts.registry]
    values: dict[str, Value] = {
        "sender": registry.name(facts.language),
        "registry": registry.short_name,
        "day": facts.closed_on,
        "reference": facts.case_id,
        "received_on": facts.received_on,
        "closed_on": facts.closed_on,
        "projects": facts.projects,
    }
    return Letter(
        message_id=str(uuid.UUID(facts.case_id)),
        title=title_of(_TEMPLATE, values, facts.language),
        content=make_letter(_TEMPLATE, values, facts.language),
    )
