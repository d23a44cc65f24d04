"""The lost phones that wait for a second person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.domain.errors import NotFound
from services.identity.domain.lost_phone import WAITS
from services.identity.domain.roles import RoleCode
from services.identity.store.lost_phone_tables import LostPhoneRow
from services.identity.store.seals import Seals
from services.identity.store.tables import RoleRow, UserRow
from shared.auth.principal import Principal
from shared.db.database import Database
from shared.scheduling.clock import Clock


@dataclass(frozen=True, kw_only=True)
class LostPhoneShown:
    """One matter as an administrator sees it."""

    matter_id: str
    user_name: str = field(repr=False)
    full_name: str = field(repr=False)
    mobile: str = field(repr=False)
    checked_how: str
    reason: str = field(repr=False)
    begun_by: str = field(repr=False)
    begun_at: datetime
    waits_until: datetime
    is_own: bool
    is_begun_here: bool


@dataclass(frozen=True)
class LostPhones:
    """Reads lost phones for one administrator."""

    database: Database
    seals: Seals
    clock: Clock

    def waiting(self, by: Principal) -> list[LostPhoneShown]:
        """Those of users of the own organisation, for a national coordinator of the registry; oldest first."""
        held = select(RoleRow.user_id).where(RoleRow.registry_key == by.registry, RoleRow.ended_at.is_(None))
        if by.role != RoleCode.SC:
            held = held.where(RoleRow.organisation == by.organisation)
        query = select(LostPhoneRow).where(
            LostPhoneRow.user_id.in_(held), LostPhoneRow.begun_at > self.clock.now() - WAITS
        )
        with self.database.reading() as session:
            rows = session.scalars(query.order_by(LostPhoneRow.begun_at, LostPhoneRow.matter_id)).all()
            return [self._shown(session, row, by) for row in rows]

    def one(self, matter_id: str, by: Principal) -> LostPhoneShown:
        """One that waits; raises NotFound for a foreign, decided, old or missing one alike."""
        found = [line for line in self.waiting(by) if line.matter_id == matter_id]
        if not found:
            raise NotFound
        return found[0]

    def _shown(self, session: Session, row: LostPhoneRow, by: Principal) -> LostPhoneShown:
        user = session.get_one(UserRow, row.user_id)
        details = self.seals.details_of(user)
        return LostPhoneShown(
            matter_id=row.matter_id,
            user_name=details.user_name,
            full_name=details.full_name,
            mobile=self.seals.open_wanted(row.mobile, row.user_id, "mobile"),
            checked_how=row.checked_how,
            reason=row.reason,
            begun_by=self.seals.name_of(session.get_one(UserRow, row.begun_by)),
            begun_at=row.begun_at,
            waits_until=row.begun_at + WAITS,
            is_own=by.user_id == row.user_id,
            is_begun_here=by.user_id == row.begun_by,
        )
