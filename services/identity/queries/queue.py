"""The applications that wait for a coordinator."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.domain.application import Conflict, State
from services.identity.domain.errors import NotFound
from services.identity.domain.roles import RoleCode
from services.identity.store.seals import Seals
from services.identity.store.tables import ApplicationRow, UserRow
from services.identity.store.units import Units
from services.identity.store.users import Users
from shared.auth.principal import Principal
from shared.db.database import Database
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One application as its coordinator sees it; `conflicts` names what another account has already."""

    application_id: str
    user_name: str = field(repr=False)
    full_name: str = field(repr=False)
    mobile: str = field(repr=False)
    email: str = field(repr=False)
    position: str
    work_place: list[str]
    registry: str
    organisation: int
    organisation_name: str
    applied_at: datetime
    wished_role: str | None
    held_role: str | None
    is_known_user: bool
    is_own: bool
    conflicts: list[str]


@dataclass(frozen=True)
class Queue:
    """Reads applications for one administrator."""

    database: Database
    seals: Seals
    clock: Clock

    def waiting(self, by: Principal) -> list[Waiting]:
        """Applications to the own organisation, for a national coordinator to the registry; oldest first."""
        query = select(ApplicationRow).where(
            ApplicationRow.state == State.WAITING.value, ApplicationRow.registry_key == by.registry
        )
        if by.role != RoleCode.SC:
            query = query.where(ApplicationRow.organisation == by.organisation)
        with self.database.reading() as session:
            rows = session.scalars(query.order_by(ApplicationRow.applied_at, ApplicationRow.application_id)).all()
            return [self._shown(session, row, by) for row in rows]

    def one(self, application_id: str, by: Principal) -> Waiting:
        """One waiting application; raises NotFound for a foreign, decided or missing one alike."""
        found = [line for line in self.waiting(by) if line.application_id == application_id]
        if not found:
            raise NotFound
        return found[0]

    def _shown(self, session: Session, row: ApplicationRow, by: Principal) -> Waiting:
        units, users = Units(session, self.clock.now()), Users(session, self.clock.now())
        owners: dict[Conflict, int] = {}
        if row.applicant is not None:
            details = self.seals.details_of(session.get_one(UserRow, row.applicant))
        else:
            details = self.seals.open_details(row.details or b"", application_id=row.application_id)
            owners = users.owners(self.seals.fingerprints(details))
        tree = units.tree()
        organisation = tree.find(row.organisation)
        return Waiting(
            application_id=row.application_id,
            user_name=details.user_name,
            full_name=details.full_name,
            mobile=details.mobile,
            email=details.email,
            position=row.position,
            work_place=[unit.name for unit in tree.path(row.department)],
            registry=row.registry_key,
            organisation=row.organisation,
            organisation_name=organisation.name if organisation is not None else str(row.organisation),
            applied_at=row.applied_at,
            wished_role=row.wished_role,
            held_role=replaced.role if (replaced := users.role(row.replaces)) is not None else None,
            is_known_user=row.applicant is not None,
            is_own=by.user_id in {row.applicant, *owners.values()},
            conflicts=sorted(conflict.value for conflict in owners),
        )
