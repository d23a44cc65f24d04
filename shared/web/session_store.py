"""Sessions in the service's own database: found, renewed and ended by SHA-256 of the random id in the cookie."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, insert, or_, select, update

from shared.auth.principal import Principal
from shared.auth.revocation import is_revoked
from shared.db.database import Database
from shared.scheduling.clock import Clock
from shared.web.tables import WEB

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
ID_BYTES = 32
PRINCIPAL, PROVIDER_SID = "principal", "provider_sid"

_TABLE, _REVOKED = WEB.web_session, WEB.revoked_user
_JOINED = _TABLE.outerjoin(_REVOKED, _TABLE.c.user_id == _REVOKED.c.user_id)
_WITH_REVOCATION = select(_TABLE, _REVOKED.c.not_before).select_from(_JOINED)
# Every request asks this; it is built once.
_FIND = _WITH_REVOCATION.where(_TABLE.c.id_hash == bindparam("wanted"))


@dataclass(frozen=True, kw_only=True)
class StoredSession:
    """A live session as found in the table."""

    id_hash: str
    content: dict[str, Any]
    seen_at: datetime


@dataclass(frozen=True, kw_only=True)
class SessionEntry:
    """One line of somebody's list of sessions; `handle` names it in `end_one`."""

    handle: str
    created_at: datetime
    seen_at: datetime


class SessionStore:
    """All sessions of one service."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def now(self) -> datetime:
        """Return the moment by the injected clock."""
        return self._clock.now()

    def find(self, session_id: str) -> StoredSession | None:
        """Return the live session of a cookie value; None if unknown, idle for 30 minutes, 12 hours old or revoked."""
        row = self._database.read_one(_FIND, {"wanted": _hash(session_id)})
        if row is None or not self._is_live(row):
            return None
        return StoredSession(id_hash=row["id_hash"], content=row["content"], seen_at=row["seen_at"])

    def start(self, content: Mapping[str, Any], *, instead_of: str | None = None) -> str:
        """Store a new session, remove the one it takes over from (by hash), and return the new cookie value."""
        session_id, now = secrets.token_urlsafe(ID_BYTES), self._clock.now()
        row = {"id_hash": _hash(session_id), "created_at": now, "seen_at": now, **_columns(content)}
        with self._database.transaction() as session:
            if instead_of is not None:
                session.execute(delete(_TABLE).where(_TABLE.c.id_hash == instead_of))
            session.execute(insert(_TABLE).values(row))
        return session_id

    def save(self, id_hash: str, content: Mapping[str, Any]) -> bool:
        """Store changed content; False if the session was ended meanwhile, which a save must not undo."""
        return self._update(id_hash, {"seen_at": self._clock.now(), **_columns(content)})

    def touch(self, id_hash: str) -> bool:
        """Note that the session is in use; False if it was ended meanwhile."""
        return self._update(id_hash, {"seen_at": self._clock.now()})

    def end(self, id_hash: str) -> None:
        """End one session by the hash of its id."""
        self._delete(_TABLE.c.id_hash == id_hash)

    def end_user(self, actor: str) -> int:
        """End all sessions of a party ("user:12"); returns how many there were."""
        return self._delete(_TABLE.c.actor == actor)

    def end_session(self, sid: str) -> int:
        """End the sessions that came from one log-in at the provider, by the provider's `sid`."""
        return self._delete(_TABLE.c.provider_sid == sid)

    def end_one(self, actor: str, handle: str) -> int:
        """End one session of a party's own list; a handle of somebody else's session ends nothing."""
        return self._delete((_TABLE.c.actor == actor) & (_TABLE.c.id_hash == handle))

    def list_of(self, actor: str) -> list[SessionEntry]:
        """Return the live sessions of a party, the one used last first."""
        wanted = _WITH_REVOCATION.where(_TABLE.c.actor == actor)
        with self._database.reading() as reading:
            rows = reading.execute(wanted.order_by(_TABLE.c.seen_at.desc())).mappings().all()
        return [
            SessionEntry(handle=row["id_hash"], created_at=row["created_at"], seen_at=row["seen_at"])
            for row in rows
            if self._is_live(row)
        ]

    def purge(self) -> int:
        """Remove sessions past their time; returns how many."""
        now = self._clock.now()
        return self._delete(or_(_TABLE.c.seen_at <= now - IDLE, _TABLE.c.created_at <= now - ABSOLUTE))

    def _is_live(self, row: Mapping[Any, Any]) -> bool:
        now = self._clock.now()
        if now - row["seen_at"] >= IDLE or now - row["created_at"] >= ABSOLUTE:
            return False
        return not is_revoked(row["issued_at"], row["not_before"])

    def _update(self, id_hash: str, values: Mapping[str, Any]) -> bool:
        with self._database.transaction() as session:
            changed = update(_TABLE).where(_TABLE.c.id_hash == id_hash).values(values).returning(_TABLE.c.id_hash)
            return session.execute(changed).one_or_none() is not None

    def _delete(self, which: ColumnElement[bool]) -> int:
        with self._database.transaction() as session:
            return len(session.execute(delete(_TABLE).where(which).returning(_TABLE.c.id_hash)).all())


def _columns(content: Mapping[str, Any]) -> dict[str, Any]:
    kept = content.get(PRINCIPAL)
    principal = Principal.from_json(kept) if kept else None
    return {
        "content": dict(content),
        "actor": principal.actor if principal else None,
        "user_id": principal.user_id if principal else None,
        "provider_sid": content.get(PROVIDER_SID),
        "issued_at": principal.issued_at if principal else None,
    }


def _hash(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()
