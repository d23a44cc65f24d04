"""Open one more course for a person who is registered."""

from __future__ import annotations

from datetime import date

from services.registration.domain.national_id import UNREGISTERED
from services.registration.store.store import Store
from services.registration.usecases.open_course import Desk, check_start, open_course, open_for, refuse_reserved
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def open_another_course(pid: int, *, started_on: date, by: Principal, desk: Desk, uow: UnitOfWork[Store]) -> int:
    """Open the course and return its FID; the caller has shown that the user may see the person."""
    facts = desk.persons.read(pid)
    if facts.number_kind not in UNREGISTERED:
        return open_course(facts.number, started_on=started_on, by=by, desk=desk, uow=uow)
    check_start(started_on, uow)
    refuse_reserved(facts.number, desk, uow)
    return open_for(facts, started_on=started_on, by=by, desk=desk, uow=uow)
