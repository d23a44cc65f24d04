"""Find a person by number or PID, or a course by FID; every search is in the access log, found or not."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select

from services.registration.domain.errors import NotFound
from services.registration.domain.registry import Registry
from services.registration.queries.scope import within
from services.registration.store.persons import PersonStore
from services.registration.store.store import Store
from services.registration.store.tables import CourseRow
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork

_LONGEST_ID = 10


class SearchKind(StrEnum):
    """By what is searched."""

    NUMBER = "number"
    PID = "pid"
    FID = "fid"


def find_person(
    kind: SearchKind,
    text: str,
    *,
    by: Principal,
    registry: Registry,
    persons: PersonStore,
    uow: UnitOfWork[Store],
) -> int:
    """The PID; NotFound for nobody and for a person of others alone, which look the same."""
    sought = "".join(text.split())
    with uow() as store:
        pid = _pid(store, kind, sought, registry, by, persons)
        store.log_access(
            Access.by(
                by,
                registry=registry.key,
                pid=pid,
                action="search",
                object=f"person by {kind.value}",
                reason="care",
            )
        )
    if pid is None:
        raise NotFound
    return pid


def _pid(
    store: Store, kind: SearchKind, sought: str, registry: Registry, by: Principal, persons: PersonStore
) -> int | None:
    query = within(select(CourseRow), registry, by)
    if kind is SearchKind.NUMBER:
        query = query.where(CourseRow.pid == persons.find(sought))
    else:
        number = int(sought) if sought.isascii() and sought.isdecimal() and len(sought) <= _LONGEST_ID else 0
        query = query.where((CourseRow.pid if kind is SearchKind.PID else CourseRow.course_id) == number)
    row = store.session.scalars(query.limit(1)).first()
    return None if row is None else row.pid
