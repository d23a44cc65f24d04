"""Idempotency-Key: a repeated request gets the first one's answer, and never a second effect."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import orjson
from flask import Response, g, has_request_context, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shared.db.database import Database
from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.scheduling.clock import Clock
from shared.web.context import current_kit
from shared.web.problems import AlreadyApplied, KeyMalformed, KeyReused, StillWorking
from shared.web.sealing import SealBrokenError, Sealer
from shared.web.tables import WEB
from shared.web.throttle import who_asks

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
WELL_FORMED = re.compile(r"[\x21-\x7e]{16,200}")
KEPT_HEADERS = frozenset({"content-type", "location", "etag", "link"})
LEASE = timedelta(minutes=10)
KEPT = timedelta(hours=48)
SERVER_ERROR = 500

P = ParamSpec("P")
S = TypeVar("S", bound=Store)
_TABLE = WEB.idempotency_key


class State(StrEnum):
    """How far the first request with a key has come."""

    CLAIMED = "claimed"
    APPLIED = "applied"
    ANSWERED = "answered"


@dataclass(frozen=True)
class Claim:
    """The right of one request to act under its key; `token` tells it from an earlier one that died."""

    key_hash: str
    fingerprint: str
    token: str


class KeptAnswers:
    """The table of keys and answers of one service."""

    def __init__(self, database: Database, clock: Clock, secret: str) -> None:
        self._database = database
        self._clock = clock
        self._sealer = Sealer(secret, "idempotency")

    def claim(self, key_hash: str, fingerprint: str) -> Claim | Response:
        """Return the right to act, or the answer given before; raises a problem if neither can be had."""
        claim = Claim(key_hash, fingerprint, secrets.token_hex(16))
        with self._database.transaction() as session:
            if self._insert(session, claim):
                return claim
            row = session.execute(select(_TABLE).where(_TABLE.c.key_hash == key_hash).with_for_update()).one()
            if row.fingerprint != fingerprint:
                raise KeyReused
            if row.state == State.CLAIMED and row.claimed_at + LEASE <= self._clock.now():
                # The first request died before anything was committed, or would have marked the key.
                session.execute(update(_TABLE).where(_TABLE.c.key_hash == key_hash).values(**self._values(claim)))
                return claim
        return self._earlier(row)

    def keep(self, claim: Claim, response: Response) -> None:
        """Store the answer for requests to come."""
        kept = [[name, value] for name, value in response.headers if name.lower() in KEPT_HEADERS]
        body = base64.b64encode(response.get_data()).decode()
        sealed = self._sealer.seal(
            orjson.dumps({"status": response.status_code, "headers": kept, "body": body}), bound_to=claim.key_hash
        )
        with self._database.transaction() as session:
            session.execute(_own(claim, update(_TABLE)).values(state=State.ANSWERED, sealed_answer=sealed))

    def release(self, claim: Claim) -> None:
        """Give the key free again if nothing was committed under it."""
        with self._database.transaction() as session:
            session.execute(_own(claim, delete(_TABLE)).where(_TABLE.c.state == State.CLAIMED))

    def purge(self) -> int:
        """Remove keys older than two days; returns how many."""
        old = _TABLE.c.claimed_at <= self._clock.now() - KEPT
        with self._database.transaction() as session:
            return len(session.execute(delete(_TABLE).where(old).returning(_TABLE.c.key_hash)).all())

    def _insert(self, session: Session, claim: Claim) -> bool:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = insert(_TABLE).values(key_hash=claim.key_hash, **self._values(claim))
        return session.execute(row.on_conflict_do_nothing().returning(_TABLE.c.key_hash)).one_or_none() is not None

    def _values(self, claim: Claim) -> dict[str, Any]:
        now = self._clock.now()
        return {"fingerprint": claim.fingerprint, "claim": claim.token, "state": State.CLAIMED, "claimed_at": now}

    def _earlier(self, row: Row[Any]) -> Response:
        if row.state == State.CLAIMED:
            raise StillWorking
        if row.state == State.APPLIED:
            raise AlreadyApplied
        try:
            kept = orjson.loads(self._sealer.open(row.sealed_answer, bound_to=row.key_hash))
        except SealBrokenError as error:  # the app's secret was changed since
            raise AlreadyApplied from error
        response = Response(base64.b64decode(kept["body"]), status=kept["status"], headers=kept["headers"])
        response.headers[REPLAYED] = "true"
        return response


class OnceUnitOfWork(UnitOfWork[S]):
    """A unit of work that marks the request's key as applied in the same transaction as the effect."""

    @contextmanager
    def __call__(self) -> Iterator[S]:
        """One transaction; it fails if another request has taken the key over meanwhile."""
        with super().__call__() as store:
            yield store
            _mark_applied(store.session)


def once(uow: UnitOfWork[S]) -> UnitOfWork[S]:
    """Return a unit of work for a use case behind an `@idempotent` view: a crash after it cannot double the effect."""
    store = uow._store  # noqa: SLF001  the same unit of work, with one more statement
    return OnceUnitOfWork(uow.database, store, uow.kit, clock=uow.clock, wake=uow.wake)


def idempotent(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Decorate an API view (outermost): a request with an Idempotency-Key acts at most once a party and route."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        if not WELL_FORMED.fullmatch(key):
            raise KeyMalformed
        answers = current_kit().answers
        claim = answers.claim(_digest(key, who_asks(), request.endpoint or "", request.path), _fingerprint())
        if isinstance(claim, Response):
            return claim
        g.idempotency_claim = claim
        return _act(answers, claim, lambda: make_response(view(*args, **kwargs)))

    guarded._apidoc = _documented(view)  # type: ignore[attr-defined]  # noqa: SLF001  where flask-smorest looks
    return guarded


def _documented(view: Callable[..., Any]) -> dict[str, Any]:
    doc: dict[str, Any] = copy.deepcopy(getattr(view, "_apidoc", {}))
    schema = {"type": "string", "minLength": 16, "maxLength": 200}
    parameter = {"in": "header", "name": HEADER, "required": False, "schema": schema}
    doc.setdefault("arguments", {}).setdefault("parameters", []).append(parameter)
    return doc


def _act(answers: KeptAnswers, claim: Claim, view: Callable[[], Response]) -> Response:
    try:
        response = view()
    except BaseException:
        answers.release(claim)
        raise
    if response.status_code >= SERVER_ERROR:
        answers.release(claim)
    else:
        answers.keep(claim, response)
    return response


def _mark_applied(session: Session) -> None:
    claim: Claim | None = g.get("idempotency_claim") if has_request_context() else None
    if claim is None:
        return
    marked = _own(claim, update(_TABLE)).values(state=State.APPLIED).returning(_TABLE.c.key_hash)
    if session.execute(marked).one_or_none() is None:
        raise StillWorking


def _own(claim: Claim, statement: Any) -> Any:
    return statement.where(_TABLE.c.key_hash == claim.key_hash, _TABLE.c.claim == claim.token)


def _fingerprint() -> str:
    return _digest(
        request.method, request.query_string.decode("latin-1"), hashlib.sha256(request.get_data()).hexdigest()
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
