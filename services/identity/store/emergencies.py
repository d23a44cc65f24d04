"""Access given in an emergency."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from services.identity.domain.emergency import Judgement
from services.identity.domain.errors import NotFound
from services.identity.store.access_tables import EmergencyRow


class Emergencies:
    """Emergency access in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def add(self, role_id: int, reason: str) -> None:
        """Store why a role was given at once."""
        self._session.add(EmergencyRow(role_id=role_id, reason=reason, remark=""))
        self._session.flush()

    def get(self, role_id: int) -> EmergencyRow:
        """The emergency behind a role, locked for change; raises NotFound."""
        row = self._session.get(EmergencyRow, role_id, with_for_update=True, populate_existing=True)
        if row is None:
            raise NotFound
        return row

    def judge(self, row: EmergencyRow, judgement: Judgement, remark: str, *, by: int | None) -> None:
        """Write down what was said of it."""
        row.verdict, row.remark, row.judged_at, row.judged_by = judgement.value, remark, self._now, by
        self._session.flush()
