"""Limits on how often something may be tried, counted in the database so that they hold over all processes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from math import ceil
from typing import ParamSpec, TypeVar

from flask import request
from sqlalchemy import Dialect, case, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.db.database import Database
from shared.scheduling.clock import Clock
from shared.web.context import current_kit, current_principal
from shared.web.problems import TooMany
from shared.web.tables import WEB

P = ParamSpec("P")
R = TypeVar("R")
_TABLE = WEB.throttle_counter


class Throttle:
    """Counts tries by key; a window begins with the first try and lets exactly `limit` through."""

    def __init__(self, database: Database, clock: Clock, secret: str) -> None:
        self._database = database
        self._clock = clock
        self._secret = secret.encode()

    def take(self, key: str, *, limit: int, window: timedelta) -> None:
        """Count one try; raises TooMany, with the time to wait, when the window is full."""
        now = self._clock.now()
        with self._database.transaction() as session:
            wait = self._count(session, self._hash(key), limit, now, window)
        if wait is not None:
            raise TooMany(ceil(wait.total_seconds()))

    def forget(self, key: str) -> None:
        """Clear the count of a key, for example after a success."""
        with self._database.transaction() as session:
            session.execute(delete(_TABLE).where(_TABLE.c.key_hash == self._hash(key)))

    def purge(self) -> int:
        """Remove counters whose window is over; returns how many."""
        with self._database.transaction() as session:
            over = delete(_TABLE).where(_TABLE.c.resets_at <= self._clock.now()).returning(_TABLE.c.key_hash)
            return len(session.execute(over).all())

    def _hash(self, key: str) -> str:
        # Keys hold addresses and user names; the table must not.
        return hmac.new(self._secret, b"throttle\0" + key.encode(), hashlib.sha256).hexdigest()

    def _count(self, session: Session, key_hash: str, limit: int, now: datetime, window: timedelta) -> timedelta | None:
        insert = _dialect_insert(session.get_bind().dialect)
        is_over = _TABLE.c.resets_at <= now
        counted = (
            insert(_TABLE)
            .values(key_hash=key_hash, hits=1, resets_at=now + window)
            .on_conflict_do_update(
                index_elements=[_TABLE.c.key_hash],
                set_={
                    "hits": case((is_over, 1), else_=_TABLE.c.hits + 1),
                    "resets_at": case((is_over, now + window), else_=_TABLE.c.resets_at),
                },
                where=or_(is_over, _TABLE.c.hits < limit),
            )
            .returning(_TABLE.c.hits)
        )
        if session.execute(counted).one_or_none() is not None:
            return None
        resets_at: datetime = session.scalars(select(_TABLE.c.resets_at).where(_TABLE.c.key_hash == key_hash)).one()
        return resets_at - now


def throttle(key: str, *, limit: int, window: timedelta) -> None:
    """Count one try of `key` in the service being served; raises TooMany (429 with Retry-After) over the limit."""
    current_kit().throttle.take(key, limit=limit, window=window)


def throttled(*, limit: int, window: timedelta) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for a view that lets each party, or each address of a visitor, through `limit` times."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            throttle(f"{request.endpoint} {who_asks()}", limit=limit, window=window)
            return view(*args, **kwargs)

        return limited

    return decorate


def who_asks() -> str:
    """Return the party, or the network address of a visitor who is not signed in, as a key for counting."""
    principal = current_principal()
    return principal.actor if principal.is_signed_in else f"address:{request.remote_addr}"


def _dialect_insert(dialect: Dialect) -> Callable[..., postgresql.Insert]:
    # Both dialects build the same ON CONFLICT clause; the types differ in name only.
    return postgresql.insert if dialect.name == "postgresql" else sqlite.insert  # type: ignore[return-value]
