"""Register a person by number and open a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.registration.domain.course import placing_of
from services.registration.domain.errors import RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.domain.national_id import UNREGISTERED, read_national_id
from services.registration.domain.person import PersonFacts
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from services.registration.usecases.follow_answers import inclusion_of
from services.registration.usecases.ports import PopulationRegister, RegistryRules
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.contracts.registration import CourseOpened
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import today


@dataclass(frozen=True)
class Desk:
    """What registering a person needs besides the database."""

    persons: PersonStore
    population: PopulationRegister
    rules: RegistryRules
    accepts_synthetic: bool


def open_course(text: str, *, started_on: date, by: Principal, desk: Desk, uow: UnitOfWork[Store]) -> int:
    """Open a course for the person with this number and return its FID; a reserved person leaves no trace."""
    number = checked_number(text, desk=desk, uow=uow)
    check_start(started_on, uow)
    facts = desk.population.look_up(number)
    if facts is None:
        raise RuleBroken("person_unknown")
    return open_for(facts, started_on=started_on, by=by, desk=desk, uow=uow)


def checked_number(text: str, *, desk: Desk, uow: UnitOfWork[Store]) -> str:
    """The number, when the population register can know it and the person has not reserved."""
    checked = read_national_id(text, accept_synthetic=desk.accepts_synthetic, today=today(uow.clock))
    if checked.kind in UNREGISTERED:
        raise RuleBroken("number_not_in_register")
    refuse_reserved(checked.number, desk, uow)
    return checked.number


def check_start(started_on: date, uow: UnitOfWork[Store]) -> None:
    """A course has begun when it is registered."""
    if started_on > today(uow.clock):
        raise RuleBroken("start_lies_ahead")


def refuse_reserved(number: str, desk: Desk, uow: UnitOfWork[Store]) -> None:
    """Ask the local block list; if it cannot be asked, the error goes on and nothing is registered."""
    with uow() as store:
        if store.is_blocked(desk.rules.key, desk.persons.block_hash(number)):
            raise RuleBroken("person_has_reserved")


def open_for(facts: PersonFacts, *, started_on: date, by: Principal, desk: Desk, uow: UnitOfWork[Store]) -> int:
    """Keep the person and open the course; whoever reserves meanwhile is not kept either."""
    pid = desk.persons.refresh(facts)
    try:
        return _open(pid, facts, started_on, by, desk, uow)
    except RuleBroken:
        with uow() as store:
            has_courses = bool(store.courses_of(pid))
        if not has_courses:
            desk.persons.erase(pid)
        raise


def _open(pid: int, facts: PersonFacts, started_on: date, by: Principal, desk: Desk, uow: UnitOfWork[Store]) -> int:
    with uow() as store:
        if store.is_blocked(desk.rules.key, desk.persons.block_hash(facts.number)):
            raise RuleBroken("person_has_reserved")
        basis, is_included = desk.rules.basis_on(started_on), None if desk.rules.asks_inclusion else True
        row = CourseRow(
            pid=pid,
            registry_key=desk.rules.key,
            organisation=by.organisation,
            started_on=started_on,
            definitions_on=today(uow.clock),
            course_type=desk.rules.first_type,
            is_included=is_included,
            basis=basis,
            placement=placing_of(is_included=is_included, basis=basis, has_consented=None),
            form_status=str(int(FormState.NEW)) * desk.rules.form_count,
            died_on=facts.died_on,
            created_at=store.now,
            created_by=by.actor,
        )
        store.add(row)
        store.emit(_opened(row))
        if is_included:
            store.emit(inclusion_of(row))
        store.log_access(_access(row, by))
        return row.course_id


def _opened(row: CourseRow) -> CourseOpened:
    return CourseOpened(
        course_id=row.course_id,
        pid=row.pid,
        registry=row.registry_key,
        organisation=row.organisation,
        started_on=row.started_on,
        definitions_on=row.definitions_on,
    )


def _access(row: CourseRow, by: Principal) -> Access:
    thing = f"course:{row.course_id}"
    return Access.by(by, registry=row.registry_key, pid=row.pid, action="write", object=thing, reason="registration")
