"""Emergency access that nobody has looked at yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from services.identity.store.access_tables import EmergencyRow
from services.identity.store.seals import Seals
from services.identity.store.tables import RoleRow, UnitRow, UserRow
from shared.auth.principal import Principal
from shared.db.database import Database


@dataclass(frozen=True, kw_only=True)
class EmergencyTask:
    """One access to look at; `is_mine` where the reader gave or got it, so that another must."""

    role_id: int
    full_name: str = field(repr=False)
    given_by: str = field(repr=False)
    role: str
    organisation_name: str
    given_at: datetime
    reason: str = field(repr=False)
    is_mine: bool


def emergency_tasks(by: Principal, *, seals: Seals, database: Database) -> list[EmergencyTask]:
    """Those of a national coordinator's registry, the oldest first."""
    giver = aliased(UserRow)
    query = (
        select(EmergencyRow, RoleRow, UserRow, giver, UnitRow.name)
        .join(RoleRow, RoleRow.role_id == EmergencyRow.role_id)
        .join(UserRow, UserRow.user_id == RoleRow.user_id)
        .join(giver, giver.user_id == RoleRow.granted_by)
        .join(UnitRow, UnitRow.resh == RoleRow.organisation)
        .where(RoleRow.registry_key == by.registry, EmergencyRow.verdict.is_(None))
        .order_by(RoleRow.granted_at, RoleRow.role_id)
    )
    with database.reading() as session:
        return [
            EmergencyTask(
                role_id=role.role_id,
                full_name=seals.name_of(user),
                given_by=seals.name_of(gave),
                role=role.role,
                organisation_name=name,
                given_at=role.granted_at,
                reason=row.reason,
                is_mine=by.user_id in {role.user_id, role.granted_by},
            )
            for row, role, user, gave, name in session.execute(query)
        ]
