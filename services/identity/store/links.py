"""Accounts at upstream log-in providers that belong to users here, by keyed hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.identity.store.log_in_tables import UpstreamLinkRow


class Links:
    """Links in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def user_of(self, subject_hash: str) -> int | None:
        """The user whose account at the provider it is."""
        row = self._session.get(UpstreamLinkRow, subject_hash)
        return row.user_id if row is not None else None

    def linked_at(self, user_id: int) -> datetime | None:
        """Since when the user has a link."""
        return self._session.scalar(select(UpstreamLinkRow.linked_at).where(UpstreamLinkRow.user_id == user_id))

    def link(self, subject_hash: str, user_id: int) -> bool:
        """Link an account at a provider instead of any other; tells whether it is the user's now."""
        mine = (UpstreamLinkRow.user_id == user_id) & (UpstreamLinkRow.subject_hash != subject_hash)
        self._session.execute(delete(UpstreamLinkRow).where(mine))
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = insert(UpstreamLinkRow).values(subject_hash=subject_hash, user_id=user_id, linked_at=self._now)
        # Two at once: one is first, and the other finds whose it is.
        self._session.execute(row.on_conflict_do_nothing())
        return self.user_of(subject_hash) == user_id

    def remove(self, user_id: int) -> bool:
        """Forget the user's link; tells whether there was one."""
        gone = delete(UpstreamLinkRow).where(UpstreamLinkRow.user_id == user_id)
        return bool(self._session.execute(gone.returning(UpstreamLinkRow.user_id)).all())
