"""Keep a number for eprom while another registry's order lasts, so that eprom itself need not."""

from __future__ import annotations

from datetime import datetime

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.national_id import UNREGISTERED, read_national_id
from services.registration.domain.person import PROTECTED, PersonFacts
from services.registration.store.claims import ClaimStore
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.usecases.ports import PopulationRegister
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import today

REASON = "outside_order"


def claim_number(
    text: str, until: datetime, *, persons: PersonStore, population: PopulationRegister, accepts_synthetic: bool
) -> int:
    """The claim for a number; raises NotFound for one that nobody living has."""
    try:
        found = read_national_id(text, accept_synthetic=accepts_synthetic, today=today(persons.clock))
    except RuleBroken:
        raise NotFound from None
    if found.kind in UNREGISTERED:
        raise NotFound
    _living(population.look_up(found.number))
    return ClaimStore(persons).make(found.number, until)


def redeem_claim(
    claim: int, *, by: Principal, persons: PersonStore, population: PopulationRegister, uow: UnitOfWork[Store]
) -> tuple[str, bool]:
    """The number behind a claim, and whether the person's address is protected; NotFound when gone or dead."""
    with uow() as store:
        store.log_access(
            Access.by_system(by.actor, registry=None, pid=None, action="read", object=f"claim:{claim}", reason=REASON),
        )
    number = ClaimStore(persons).read(claim)
    return number, _living(population.look_up(number)).protection in PROTECTED


def release_claim(claim: int, *, persons: PersonStore) -> None:
    """Forget the number behind a claim."""
    ClaimStore(persons).release(claim)


def _living(facts: PersonFacts | None) -> PersonFacts:
    if facts is None or facts.died_on is not None:
        raise NotFound
    return facts
