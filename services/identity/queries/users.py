"""The users an administrator looks after."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from services.identity.domain.errors import NotFound
from services.identity.domain.roles import RoleCode
from services.identity.domain.throttle import CODES, is_capped
from services.identity.store.log_ins import LogIns
from services.identity.store.seals import Seals
from services.identity.store.tables import RoleRow, UnitRow, UserRow
from services.identity.store.users import is_held
from shared.auth.principal import Principal
from shared.db.database import Database
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class HeldRole:
    """A role of a user in the administrator's organisation or registry."""

    role_id: int
    role: str
    organisation: int | None
    organisation_name: str
    ends_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Managed:
    """One user as the administrator sees them."""

    user_id: int
    user_name: str = field(repr=False)
    full_name: str = field(repr=False)
    mobile: str = field(repr=False)
    email: str = field(repr=False)
    position: str
    status: str
    closed_because: str | None
    is_own: bool
    is_closed: bool
    has_first_password: bool
    log_ins: int
    roles: list[HeldRole]


@dataclass(frozen=True)
class ManagedUsers:
    """Reads users for one administrator."""

    database: Database
    seals: Seals
    clock: Clock

    def all(self, by: Principal) -> list[Managed]:
        """Users of the own organisation, for a national coordinator of the registry; by name."""
        query = (
            select(RoleRow, UnitRow.name)
            .outerjoin(UnitRow, UnitRow.resh == RoleRow.organisation)
            .where(RoleRow.registry_key == by.registry, is_held(self.clock.now()))
            .order_by(UnitRow.name, RoleRow.role)
        )
        if by.role != RoleCode.SC:
            query = query.where(RoleRow.organisation == by.organisation)
        with self.database.reading() as session:
            held: dict[int, list[HeldRole]] = {}
            for row, name in session.execute(query):
                held.setdefault(row.user_id, []).append(_held(row, name))
            users = session.scalars(select(UserRow).where(UserRow.user_id.in_(held)))
            log_ins = LogIns(session, self.clock.now())
            found = [self._shown(user, held[user.user_id], log_ins, by) for user in users]
        return sorted(found, key=lambda user: user.full_name.casefold())

    def one(self, user_id: int, by: Principal) -> Managed:
        """One user; raises NotFound for a foreign and a missing one alike."""
        found = [user for user in self.all(by) if user.user_id == user_id]
        if not found:
            raise NotFound
        return found[0]

    def _shown(self, user: UserRow, roles: list[HeldRole], log_ins: LogIns, by: Principal) -> Managed:
        details = self.seals.details_of(user)
        tries = log_ins.tries(self.seals.counter_hash("codes", str(user.user_id)))
        return Managed(
            user_id=user.user_id,
            user_name=details.user_name,
            full_name=details.full_name,
            mobile=details.mobile,
            email=details.email,
            position=user.position,
            status=user.status,
            closed_because=user.closed_because,
            is_own=by.user_id == user.user_id,
            is_closed=is_capped(tries, CODES),
            has_first_password=user.password_is_first,
            log_ins=log_ins.count_live(user.user_id),
            roles=roles,
        )


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A user's name, for the lists of other services."""

    user_id: int
    name: str = field(repr=False)


def names_of(user_ids: list[int], *, seals: Seals, database: Database) -> list[Signed]:
    """The names behind user ids; unknown ids are left out."""
    with database.reading() as session:
        rows = session.scalars(select(UserRow).where(UserRow.user_id.in_(user_ids)).order_by(UserRow.user_id))
        return [Signed(user_id=row.user_id, name=seals.name_of(row)) for row in rows]


def _held(row: RoleRow, name: str | None) -> HeldRole:
    return HeldRole(
        role_id=row.role_id,
        role=row.role,
        organisation=row.organisation or None,
        organisation_name=name or "",
        ends_at=row.ends_at,
    )
