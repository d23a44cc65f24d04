"""Limits on how often something may be tried, counted in the database so that they hold over all processes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from math import ceil
from typing import NoReturn, ParamSpec, TypeVar

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
WRONG_KEYS, KEY_WINDOW = 20, timedelta(minutes=10)
_TABLE = WEB.throttle_counter
_MOST_REMEMBERED = 10_000


class Throttle:
    """Counts tries by key; a window begins with the first try and lets exactly `limit` through.

    What is let through is counted in the database. A full window is full until it ends: each process remembers that and
    turns further tries away without asking the database.
    """

    def __init__(self, database: Database, clock: Clock, secret: str) -> None:
        self._database = database
        self._clock = clock
        self._secret = secret.encode()
        self._full: dict[tuple[str, int], datetime] = {}  # until when, by hash of the key and limit

    def take(self, key: str, *, limit: int, window: timedelta) -> None:
        """Count one try; raises TooMany, with the time to wait, when the window is full."""
        now, key_hash = self._clock.now(), self._hash(key)
        self._check_memory(key_hash, limit, now)
        with self._database.transaction() as session:
            full_until = self._count(session, key_hash, limit, now, window)
        if full_until is not None:
            self._turn_away(key_hash, limit, now, full_until)

    def look(self, key: str, *, limit: int) -> None:
        """Raise TooMany when the window is full; count nothing."""
        now, key_hash = self._clock.now(), self._hash(key)
        self._check_memory(key_hash, limit, now)
        full = select(_TABLE.c.resets_at).where(_TABLE.c.key_hash == key_hash, _TABLE.c.hits >= limit)
        with self._database.reading() as session:
            full_until = session.scalar(full)
        if full_until is not None and full_until > now:
            self._turn_away(key_hash, limit, now, full_until)

    def purge(self) -> int:
        """Remove counters whose window is over; returns how many."""
        with self._database.transaction() as session:
            over = delete(_TABLE).where(_TABLE.c.resets_at <= self._clock.now()).returning(_TABLE.c.key_hash)
            return len(session.execute(over).all())

    def _hash(self, key: str) -> str:
        # Keys hold addresses and user names; the table must not.
        return hmac.new(self._secret, b"throttle\0" + key.encode(), hashlib.sha256).hexdigest()

    def _check_memory(self, key_hash: str, limit: int, now: datetime) -> None:
        full_until = self._full.get((key_hash, limit))
        if full_until is not None and full_until > now:
            raise TooMany(ceil((full_until - now).total_seconds()))

    def _turn_away(self, key_hash: str, limit: int, now: datetime, full_until: datetime) -> NoReturn:
        if len(self._full) >= _MOST_REMEMBERED:
            self._full = {full: until for full, until in list(self._full.items()) if until > now}
        if len(self._full) >= _MOST_REMEMBERED:
            self._full = {}  # the database still knows
        self._full[key_hash, limit] = full_until
        raise TooMany(ceil((full_until - now).total_seconds()))

    def _count(self, session: Session, key_hash: str, limit: int, now: datetime, window: timedelta) -> datetime | None:
        """Count a try that is let through; until when the window is full for one that is not."""
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
        return session.scalars(select(_TABLE.c.resets_at).where(_TABLE.c.key_hash == key_hash)).one()


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


def opened_by_key(look_up: Callable[[], R | None]) -> R | None:
    """Return what a key opens, or None for a wrong one.

    An address that has shown twenty wrong keys in ten minutes is turned away unheard, with TooMany; right keys are not
    counted.
    """
    key, throttle = f"{request.endpoint} wrong key address:{request.remote_addr}", current_kit().throttle
    throttle.look(key, limit=WRONG_KEYS)
    found = look_up()
    if found is None:
        throttle.take(key, limit=WRONG_KEYS, window=KEY_WINDOW)
    return found


def who_asks() -> str:
    """Return the party, or the network address of a visitor who is not signed in, as a key for counting."""
    principal = current_principal()
    return principal.actor if principal.is_signed_in else f"address:{request.remote_addr}"


def _dialect_insert(dialect: Dialect) -> Callable[..., postgresql.Insert]:
    # Both dialects build the same ON CONFLICT clause; the types differ in name only.
    return postgresql.insert if dialect.name == "postgresql" else sqlite.insert  # type: ignore[return-value]
