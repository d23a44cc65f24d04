"""What clients were given: authorization codes, refresh tokens, and access tokens handed back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from services.identity.store.applications import new_id
from services.identity.store.log_in_tables import ClientSessionRow, CodeRow, NoticeRow, RefreshRow, RevokedTokenRow


class Grants:
    """Codes and tokens in one transaction."""

    def __init__(self, session: Session, now: datetime) -> None:
        self._session, self._now = session, now

    def add(self, row: CodeRow | RefreshRow) -> None:
        """Store a new code or refresh token."""
        self._session.add(row)
        self._session.flush()

    def code(self, code_hash: str) -> CodeRow | None:
        """An authorization code, locked for change."""
        return self._session.get(CodeRow, code_hash, with_for_update=True, populate_existing=True)

    def refresh(self, token_hash: str) -> RefreshRow | None:
        """A refresh token, locked for change."""
        return self._session.get(RefreshRow, token_hash, with_for_update=True, populate_existing=True)

    def revoke_family(self, family: str) -> None:
        """End all refresh tokens that came from one authorization code."""
        mine = (RefreshRow.family == family) & RefreshRow.revoked_at.is_(None)
        self._session.execute(update(RefreshRow).where(mine).values(revoked_at=self._now))

    def note_client(self, sid: str, client_id: str) -> None:
        """Remember that the client has a session from this log-in."""
        self._session.merge(ClientSessionRow(sid=sid, client_id=client_id))

    def revoke_access(self, token_id: str, expires_at: datetime) -> None:
        """Remember an access token that was handed back."""
        self._session.merge(RevokedTokenRow(token_id=token_id, expires_at=expires_at))

    def is_access_revoked(self, token_id: str) -> bool:
        """Tell whether an access token was handed back."""
        return self._session.get(RevokedTokenRow, token_id) is not None

    def add_notice(self, client_id: str, sid: str, user_id: int) -> str:
        """Store that a client must be told of a log-out; returns the notice's id."""
        notice_id = new_id()
        row = NoticeRow(notice_id=notice_id, client_id=client_id, sid=sid, user_id=user_id, created_at=self._now)
        self._session.add(row)
        self._session.flush()
        return notice_id

    def notice(self, notice_id: str) -> NoticeRow | None:
        """A notice that is not delivered yet."""
        return self._session.get(NoticeRow, notice_id)

    def remove_notice(self, notice_id: str) -> None:
        """Forget a delivered notice."""
        row = self._session.scalar(select(NoticeRow).where(NoticeRow.notice_id == notice_id))
        if row is not None:
            self._session.delete(row)
