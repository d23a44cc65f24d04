"""Faults on demand: a stand-in answers badly, late or not at all for the next n requests."""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue

from deploy.standins.parts import parts
from deploy.standins.request_log import STANDINS, asked_standin
from deploy.standins.store import StandinStore, Transaction

KIND = "fault"
_LONGEST_SECONDS = 120.0
_MOST_TIMES = 100_000


class FaultKind(StrEnum):
    """Ways to fail."""

    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    TOO_MANY = "429"
    LATENCY = "latency"  # answers rightly, but late
    TIMEOUT = "timeout"  # waits, does nothing, then 504
    MALFORMED = "malformed"  # does nothing and answers with a torn body
    LOST_REPLY = "lost_reply"  # does what it was asked, but the answer is a 504


@dataclass(frozen=True)
class Fault:
    """A fault that waits for its next requests."""

    standin: str
    kind: FaultKind
    times: int
    seconds: float


class UnknownFault(ValueError):  # noqa: N818 - says what it is
    """The order for a fault names something that does not exist."""


def read_fault(given: Any) -> Fault:
    """Read an order; raises UnknownFault for names and amounts that are not offered."""
    try:
        fault = Fault(
            str(given["standin"]),
            FaultKind(str(given["kind"])),
            int(given.get("times") or 1),
            float(given.get("seconds") or 1),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise UnknownFault("name a stand-in, a kind, a number of times and seconds") from error
    if fault.standin not in STANDINS or fault.times not in range(1, _MOST_TIMES + 1):
        raise UnknownFault("no such stand-in, or too many times")
    if not 0 <= fault.seconds <= _LONGEST_SECONDS:
        raise UnknownFault("too long")
    return fault


def order(store: StandinStore, fault: Fault) -> None:
    """Let the next requests fail; a new order for a stand-in takes the place of the old one."""
    with store.transaction() as transaction:
        transaction.put(KIND, fault.standin, {"kind": fault.kind.value, "times": fault.times, "seconds": fault.seconds})


def end_all(store: StandinStore) -> None:
    """Let everything work again."""
    with store.transaction() as transaction:
        transaction.run("DELETE FROM record WHERE kind = ?", KIND)


def waiting(store: StandinStore) -> list[Fault]:
    """Return the faults that still wait."""
    with store.reading() as transaction:
        found = [(name, transaction.find(KIND, name)) for name in STANDINS]
    return [Fault(name, FaultKind(body["kind"]), body["times"], body["seconds"]) for name, body in found if body]


def use_up(store: StandinStore, standin: str) -> Fault | None:
    """Return the fault that meets this request, if any, and count it down."""
    with store.reading() as transaction:
        if transaction.find(KIND, standin) is None:
            return None
    with store.transaction() as transaction:
        return _count_down(transaction, standin)


def _count_down(transaction: Transaction, standin: str) -> Fault | None:
    body = transaction.take(KIND, standin)
    if body is None:
        return None
    if body["times"] > 1:
        transaction.put(KIND, standin, {**body, "times": body["times"] - 1})
    return Fault(standin, FaultKind(body["kind"]), body["times"], body["seconds"])


def install(app: Flask) -> None:
    """Let requests to stand-ins meet the faults that wait for them."""

    @app.before_request
    def meet_fault() -> ResponseReturnValue | None:
        standin = asked_standin()
        fault = use_up(parts().store, standin) if standin else None
        if fault is None:
            return None
        g.reason = f"fault {fault.kind}"
        return _fail(fault)

    @app.after_request
    def lose_reply(response: Response) -> Response:
        if g.get("reply_is_lost"):
            return Response("the answer was lost on its way", 504, mimetype="text/plain")
        return response


def _fail(fault: Fault) -> ResponseReturnValue | None:
    if fault.kind in (FaultKind.LATENCY, FaultKind.TIMEOUT):
        time.sleep(fault.seconds)
    if fault.kind is FaultKind.LATENCY:
        return None
    if fault.kind is FaultKind.LOST_REPLY:
        g.reply_is_lost = True
        return None
    if fault.kind is FaultKind.MALFORMED:
        return Response('{"personer": [{"status": "AKT', 200, content_type=request.accept_mimetypes.best)
    status = 504 if fault.kind is FaultKind.TIMEOUT else int(fault.kind)
    headers = {"Retry-After": "1"} if status in (429, 503) else {}
    return Response("fault on demand", status, headers, mimetype="text/plain")
