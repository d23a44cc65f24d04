"""Find out who answers for a child: asked of the population register each time, told to eprom, kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.registration.domain.errors import NotFound
from services.registration.domain.registry import Registry
from services.registration.domain.representation import (
    NOBODY,
    Representation,
    has_family,
    is_represented,
    representation,
)
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.usecases.ports import PopulationRegister
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import today


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What finding parents needs besides the database."""

    persons: PersonStore
    population: PopulationRegister
    registries: Mapping[str, Registry]


def find_representatives(
    pid: int, course_id: int, *, by: Principal, sources: Sources, uow: UnitOfWork[Store]
) -> Representation | None:
    """Who answers for a person that eprom was told of; None when it is the person alone.

    Raises OutsideUnavailable: while the register does not answer, nobody answers for a child.
    """
    with uow() as store:
        course = store.course(course_id)
        if course.pid != pid:
            raise NotFound
        known, organisation = sources.registries.get(course.registry_key), course.organisation
    if known is None or known.representation is None:  # also of a registry that is no longer here
        return None
    facts, day = sources.persons.read(pid), today(uow.clock)
    if not is_represented(facts, known.representation, day):
        return None
    if not has_family(facts):
        return NOBODY
    with uow() as store:
        store.log_access(_access(by, pid, known.key, organisation))
    return representation(facts, known.representation, sources.population.family_of(facts.number), day)


def _access(by: Principal, pid: int, registry: str, organisation: int) -> Access:
    return Access.by_system(
        by.actor,
        organisation=organisation,
        registry=registry,
        pid=pid,
        action="read",
        object="parental_responsibility",
        reason="patient_form",
    )
