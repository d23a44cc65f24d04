"""Look a person up in the population register before registering, so that the clinician sees who it is."""

from __future__ import annotations

from services.registration.domain.errors import RuleBroken
from services.registration.domain.person import PersonFacts
from services.registration.store.store import Store
from services.registration.usecases.open_course import Desk, checked_number
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


def look_up_person(text: str, *, by: Principal, desk: Desk, uow: UnitOfWork[Store]) -> PersonFacts:
    """Who has this number; nothing is kept but the entry in the access log. A reserved person is refused first."""
    number = checked_number(text, desk=desk, uow=uow)
    with uow() as store:
        store.log_access(
            Access.by(
                by,
                registry=desk.rules.key,
                pid=desk.persons.find(number),
                action="read",
                object="population_register",
                reason="registration",
            )
        )
    facts = desk.population.look_up(number)
    if facts is None:
        raise RuleBroken("person_unknown")
    return facts
