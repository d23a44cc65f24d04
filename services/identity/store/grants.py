"""What clients were given: authorization codes, refresh tokens, and access tokens handed back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.identity.domain.tokens import REFRESH_LIVES
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
        """End all tokens that came from one authorization code."""
        self._lock_family(family)
        self.void(family, self._now + REFRESH_LIVES)
        mine = (RefreshRow.family == family) & RefreshRow.revoked_at.is_(None)
        self._session.execute(update(RefreshRow).where(mine).values(revoked_at=self._now))

    def note_client(self, sid: str, client_id: str) -> None:
        """Remember that the client has a session from this log-in."""
        self._session.merge(ClientSessionRow(sid=sid, client_id=client_id))

    def is_family_over(self, family: str) -> bool:
        """Tell whether all tokens of a family were ended; nobody ends them before this transaction does."""
        self._lock_family(family)
        return self.is_void(family)

    def void(self, token_id: str, until: datetime) -> bool:
        """Let the id of a token or family count no more; tells whether it did until now. At once, one hears so."""
        insert = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = insert(RevokedTokenRow).values(token_id=token_id, expires_at=until).on_conflict_do_nothing()
        return self._session.execute(row.returning(RevokedTokenRow.token_id)).one_or_none() is not None

    def is_void(self, token_id: str) -> bool:
        """Tell whether the id of a token or family counts no more."""
        return self._session.get(RevokedTokenRow, token_id, populate_existing=True) is not None

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

    def _lock_family(self, family: str) -> None:
        # A token made while its family ends would outlive it; the code's row is what both wait for.
        self._session.scalar(select(CodeRow).where(CodeRow.family == family).with_for_update())
