"""Flask's session over the session table: read when first touched, written when changed or once a minute."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
from flask import Flask, Request, Response
from flask import request as current_request
from flask import session as current_session
from flask.sessions import SessionInterface, SessionMixin

from shared.db.errors import DatabaseUnavailable
from shared.web.session_store import SessionStore, StoredSession
from shared.web.tables import add_tables

__all__ = ["ServerSession", "ServerSessions", "add_tables"]

TOUCH_EVERY = timedelta(minutes=1)


class ServerSession(SessionMixin):
    """A mapping that fetches its content from the table when it is first used."""

    def __init__(self, store: SessionStore, cookie: str | None) -> None:
        self._store = store
        self._cookie = cookie
        self._loaded = False
        self._content: dict[str, Any] = {}
        self._before = b"{}"
        self.stored: StoredSession | None = None
        self.is_rotated = False
        self.is_offline = False

    @property
    def is_loaded(self) -> bool:
        """Tell whether anybody looked into the session during this request."""
        return self._loaded

    @property
    def has_changed(self) -> bool:
        """Tell whether the content differs from what was fetched, nested values included."""
        return _packed(self._content) != self._before

    def rotate(self) -> None:
        """Give the session a new id when the answer is sent; call it whenever somebody signs in."""
        self._fetch()
        self.is_rotated = True

    def go_offline(self) -> None:
        """Stand in as an empty session that is never stored."""
        self._loaded = self.is_offline = True
        self._content = {}

    def _fetch(self) -> dict[str, Any]:
        if not self._loaded:
            self.stored = self._store.find(self._cookie) if self._cookie else None
            self._loaded = True
            self._content = dict(self.stored.content) if self.stored else {}
            self._before = _packed(self._content)
        return self._content

    def __getitem__(self, key: str) -> Any:
        return self._fetch()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._fetch()[key] = value

    def __delitem__(self, key: str) -> None:
        del self._fetch()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fetch())

    def __len__(self) -> int:
        return len(self._fetch())


class ServerSessions(SessionInterface):
    """Opens the session of each request and stores it afterwards."""

    def __init__(self, store: SessionStore, *, name: str, secure: bool) -> None:
        self._store = store
        self._secure = secure
        self.cookie_name = f"__Host-{name}_session" if secure else f"{name}_session"

    def open_session(self, app: Flask, request: Request) -> ServerSession:  # noqa: ARG002  Flask's signature
        """Return the session of the request; the table is not read yet."""
        return ServerSession(self._store, request.cookies.get(self.cookie_name))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002
        """Store what changed; a visitor who stored nothing gets neither row nor cookie."""
        if not isinstance(session, ServerSession) or not session.is_loaded or session.is_offline:
            return
        response.vary.add("Cookie")
        if not session:
            self._forget(session, response)
        elif session.stored is None or session.is_rotated:
            replaced = session.stored.id_hash if session.stored else None
            self._set_cookie(response, self._store.start(session, instead_of=replaced))
        elif not self._keep(session, session.stored):
            self._drop_cookie(response)

    def _forget(self, session: ServerSession, response: Response) -> None:
        if session.stored is not None:
            self._store.end(session.stored.id_hash)
            self._drop_cookie(response)

    def _keep(self, session: ServerSession, stored: StoredSession) -> bool:
        if session.has_changed:
            return self._store.save(stored.id_hash, session)
        if self._store.now() - stored.seen_at >= TOUCH_EVERY:
            # A page that only reads must not fail because the idle time could not be noted.
            with contextlib.suppress(DatabaseUnavailable):
                return self._store.touch(stored.id_hash)
        return True

    def _set_cookie(self, response: Response, value: str) -> None:
        response.set_cookie(
            self.cookie_name, value, path=self._path(), secure=self._secure, httponly=True, samesite="Lax"
        )

    def _drop_cookie(self, response: Response) -> None:
        response.delete_cookie(self.cookie_name, path=self._path(), secure=self._secure, httponly=True, samesite="Lax")

    def _path(self) -> str:
        # The __Host- prefix is only valid for the whole host; without it each service keeps to its own prefix.
        return "/" if self._secure else (current_request.script_root or "/")


def _packed(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content)


def leave_session_alone() -> None:
    """Neither read nor write the visitor's session for the rest of this request; for when the database is away."""
    opened = opened_session()
    if opened is not None:
        opened.go_offline()


def opened_session() -> ServerSession | None:
    """Return the session object of this request behind Flask's proxy."""
    opened = current_session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  no other way
    return opened if isinstance(opened, ServerSession) else None
