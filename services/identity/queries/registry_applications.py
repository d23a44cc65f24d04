"""All applications of a registry, the newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, select, tuple_

from services.identity.domain.application import State
from services.identity.store.seals import Seals
from services.identity.store.tables import ApplicationRow, UnitRow, UserRow
from shared.auth.principal import Principal
from shared.db.database import Database
from shared.scheduling.clock import Clock, oslo

Key = tuple[datetime, str]


@dataclass(frozen=True, kw_only=True)
class WantedApplications:
    """What to show; empty is everything."""

    organisation: int | None = None
    state: State | None = None


@dataclass(frozen=True, kw_only=True)
class ApplicationLine:
    """One application; the name of a new applicant is forgotten with the decision, so it is empty after it."""

    application_id: str
    full_name: str = field(repr=False)
    organisation_name: str
    state: str
    role: str | None
    applied_at: datetime
    decided_at: datetime | None
    days_waited: int | None


@dataclass(frozen=True)
class ApplicationPage:
    """One page; the next begins after `next_key`, which is None on the last one."""

    lines: Sequence[ApplicationLine]
    next_key: Key | None


@dataclass(frozen=True)
class RegistryApplications:
    """Reads the applications of a national coordinator's registry."""

    database: Database
    seals: Seals
    clock: Clock

    def page(self, wanted: WantedApplications, by: Principal, *, after: Key | None, limit: int) -> ApplicationPage:
        """At most `limit` applications after a key."""
        with self.database.reading() as session:
            rows = session.execute(_query(wanted, by, after).limit(limit + 1)).all()
            lines = [self._line(*row) for row in rows[:limit]]
        last = lines[-1] if len(rows) > limit else None
        return ApplicationPage(lines, (last.applied_at, last.application_id) if last is not None else None)

    def organisations(self, by: Principal) -> list[tuple[int, str]]:
        """RESH id and name of the organisations somebody has applied to, by name."""
        query = select(UnitRow.resh, UnitRow.name).join(ApplicationRow, ApplicationRow.organisation == UnitRow.resh)
        query = query.where(ApplicationRow.registry_key == by.registry).distinct()
        with self.database.reading() as session:
            found = [(resh, name) for resh, name in session.execute(query)]
        return sorted(found, key=lambda pair: pair[1].casefold())

    def _line(self, row: ApplicationRow, organisation_name: str, user: UserRow | None) -> ApplicationLine:
        is_waiting = row.state == State.WAITING
        waited = oslo(self.clock.now()).date() - oslo(row.applied_at).date()
        return ApplicationLine(
            application_id=row.application_id,
            full_name=self._name(row, user),
            organisation_name=organisation_name,
            state=row.state,
            role=row.role,
            applied_at=row.applied_at,
            decided_at=row.decided_at,
            days_waited=waited.days if is_waiting else None,
        )

    def _name(self, row: ApplicationRow, user: UserRow | None) -> str:
        if user is not None:
            return self.seals.name_of(user)
        if row.details is None:
            return ""
        return self.seals.open_details(row.details, application_id=row.application_id).full_name


def _query(wanted: WantedApplications, by: Principal, after: Key | None) -> Select[ApplicationRow, str, UserRow]:
    key = tuple_(ApplicationRow.applied_at, ApplicationRow.application_id)
    query = (
        select(ApplicationRow, UnitRow.name, UserRow)
        .join(UnitRow, UnitRow.resh == ApplicationRow.organisation)
        .outerjoin(UserRow, UserRow.user_id == ApplicationRow.applicant)
        .where(ApplicationRow.registry_key == by.registry)
        .order_by(ApplicationRow.applied_at.desc(), ApplicationRow.application_id.desc())
    )
    if wanted.organisation is not None:
        query = query.where(ApplicationRow.organisation == wanted.organisation)
    if wanted.state is not None:
        query = query.where(ApplicationRow.state == wanted.state.value)
    return query.where(key < after) if after is not None else query
