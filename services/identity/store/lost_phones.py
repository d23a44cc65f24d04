"""Lost phones that wait for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.lost_phone import WAITS, LostPhone
from services.identity.store.lost_phone_tables import LostPhoneRow


class LostPhones:
    """Lost phones in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def add(self, row: LostPhoneRow) -> None:
        """Store a new matter; raises RuleBroken while another of the same user waits."""
        mine = LostPhoneRow.user_id == row.user_id
        self._session.execute(delete(LostPhoneRow).where(mine, LostPhoneRow.begun_at <= self._now - WAITS))
        if self._session.scalar(select(LostPhoneRow.matter_id).where(mine)) is not None:
            raise RuleBroken("lost_phone_waits")
        self._session.add(row)
        self._session.flush()

    def get(self, matter_id: str) -> LostPhoneRow:
        """The matter, locked for change; raises NotFound."""
        row = self._session.get(LostPhoneRow, matter_id, with_for_update=True)
        if row is None:
            raise NotFound
        return row

    def overdue(self) -> Sequence[LostPhoneRow]:
        """Those that nobody has confirmed in time, locked for change."""
        query = select(LostPhoneRow).where(LostPhoneRow.begun_at <= self._now - WAITS)
        return self._session.scalars(query.with_for_update()).all()

    def remove(self, row: LostPhoneRow) -> None:
        """Forget a matter that is decided."""
        self._session.delete(row)
        self._session.flush()


def lost_phone_of(row: LostPhoneRow) -> LostPhone:
    """A matter as the rules see it."""
    return LostPhone(user_id=row.user_id, begun_by=row.begun_by, begun_at=row.begun_at)
