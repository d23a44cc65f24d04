"""Register a person whom the population register does not know: "Annet", or a Norwegian help number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from services.registration.domain.errors import RuleBroken
from services.registration.domain.national_id import UNREGISTERED, NumberKind, read_national_id
from services.registration.domain.person import PersonFacts
from services.registration.store.store import Store
from services.registration.usecases.open_course import Desk, check_start, open_for, refuse_reserved
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import today

_SHORTEST, _LONGEST, _LONGEST_NAME = 4, 30, 120


@dataclass(frozen=True, kw_only=True)
class Stranger:
    """What the clinician has been told; the birth date is needed to lock TO, but may come later."""

    identifier: str = field(repr=False)
    name: str = field(repr=False)
    birth_on: date | None = field(repr=False)


def open_course_without_register(
    stranger: Stranger, *, started_on: date, by: Principal, desk: Desk, uow: UnitOfWork[Store]
) -> int:
    """Open a course and return its FID; a number that the population register knows is refused here."""
    day = today(uow.clock)
    number, kind = read_identifier(stranger.identifier, day, accept_synthetic=desk.accepts_synthetic)
    name = " ".join(stranger.name.split())
    if not 1 <= len(name) <= _LONGEST_NAME:
        raise RuleBroken("name_missing")
    if stranger.birth_on is not None and stranger.birth_on > day:
        raise RuleBroken("birth_lies_ahead")
    check_start(started_on, uow)
    refuse_reserved(number, desk, uow)
    facts = PersonFacts(number=number, number_kind=kind, name=name, birth_on=stranger.birth_on)
    return open_for(facts, started_on=started_on, by=by, desk=desk, uow=uow)


def read_identifier(text: str, day: date, *, accept_synthetic: bool) -> tuple[str, NumberKind]:
    """The identifier without blanks and in capitals, and its kind."""
    identifier = "".join(text.split()).upper()
    if not _SHORTEST <= len(identifier) <= _LONGEST or not identifier.replace("-", "").isalnum():
        raise RuleBroken("identifier_wrong")
    try:
        checked = read_national_id(identifier, accept_synthetic=accept_synthetic, today=day)
    except RuleBroken:
        return identifier, NumberKind.OTHER
    if checked.kind not in UNREGISTERED:
        raise RuleBroken("number_is_norwegian")
    return identifier, checked.kind
