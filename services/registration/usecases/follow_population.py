"""Follow the population register: deaths close courses, and a person is kept as the register says."""

from __future__ import annotations

from services.registration.domain.patient_form import SYSTEM
from services.registration.domain.person import PersonFacts
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.usecases.ports import PopulationFeed
from shared.audit.log import Access
from shared.contracts.registration import PersonDied
from shared.outbox.unit_of_work import UnitOfWork

FEED = "population"


def follow_population(*, feed: PopulationFeed, persons: PersonStore, uow: UnitOfWork[Store]) -> None:
    """Take everything that is new; what was taken before a crash is taken again and changes nothing.

    The first time only the position is noted: who is registered has been looked up then.
    """
    with uow() as store:
        known = store.feed_position(FEED)
    if known is None:
        _move(feed.newest(), uow)
        return
    while (changes := feed.after(known)).position > known:
        for facts in changes.persons:
            _take(facts, persons, uow)
        known = changes.position
        _move(known, uow)


def _take(facts: PersonFacts, persons: PersonStore, uow: UnitOfWork[Store]) -> None:
    pid = persons.find(facts.number)
    if pid is None:
        return
    persons.refresh(facts)
    with uow() as store:
        if facts.died_on is not None and _close(store, pid, facts):
            store.emit(PersonDied(pid=pid, died_on=facts.died_on))
        store.log_access(_access(pid))


def _close(store: Store, pid: int, facts: PersonFacts) -> bool:
    """Close the courses; False when it was done before."""
    open_courses = [course for course in store.courses_of(pid) if course.died_on is None]
    for course in open_courses:
        course.died_on, course.is_active = facts.died_on, False
    return bool(open_courses)


def _move(position: int, uow: UnitOfWork[Store]) -> None:
    with uow() as store:
        store.move_feed(FEED, position)


def _access(pid: int) -> Access:
    reason = "population_register"
    return Access.by_system(SYSTEM, registry=None, pid=pid, action="write", object="person", reason=reason)
