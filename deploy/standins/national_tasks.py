"""The queue of the national ePROM: orders to distribute and news to tell the orderer, each tried until it is taken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from deploy.standins.parts import Parts
from deploy.standins.store import Transaction

TASK, _LAST, _SWITCHES = "national_task", "national_last_task", "national_switches"
# One, five and thirty minutes, then every hour for a week.
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
_LATER, _MOST_ATTEMPTS = timedelta(hours=1), len(PAUSES) + 7 * 24
_LEASE = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Switches:
    """How the stand-in behaves; `research_refused` holds ids of persons whom Helsenorge keeps research from."""

    all_names: bool = False
    twice: bool = False
    reversed: bool = False
    research: bool = False
    delay_seconds: int = 0
    research_refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """One thing to do; without a body it is the distribution of the order."""

    key: str
    order_id: str
    body: dict[str, Any] | None
    attempts: int


def switches(transaction: Transaction) -> Switches:
    """Return the switches as they stand."""
    kept = transaction.find(_SWITCHES, "") or {}
    return Switches(**{**kept, "research_refused": tuple(kept.get("research_refused", ()))})


def set_switches(transaction: Transaction, changed: Switches) -> None:
    """Set all switches."""
    transaction.put(_SWITCHES, "", {**vars(changed), "research_refused": list(changed.research_refused)})


def add_task(transaction: Transaction, order_id: str, body: dict[str, Any] | None, due_at: datetime) -> None:
    """Put something at the end of the queue."""
    number = (transaction.find(_LAST, "") or {"number": 0})["number"] + 1
    transaction.put(_LAST, "", {"number": number})
    task = {"order_id": order_id, "body": body, "due_at": due_at.isoformat(), "attempts": 0, "error": ""}
    transaction.put(TASK, f"{number:09}", task)


def waiting_tasks(transaction: Transaction) -> dict[str, dict[str, Any]]:
    """Return what is not done yet, oldest first, by key."""
    rows = transaction.all("SELECT key, body FROM record WHERE kind = ? ORDER BY key", TASK)
    return {row["key"]: json.loads(row["body"]) for row in rows}


def take_task(made: Parts, *, is_telling: bool, tried: set[str]) -> Task | None:
    """Return the next thing that is due and not in `tried`, leased to the caller; with the switch the newest first."""
    now = made.clock.now()
    with made.store.transaction() as transaction:
        kept = waiting_tasks(transaction).items()
        due = [(key, body) for key, body in kept if key not in tried and _is_due(body, now, is_telling=is_telling)]
        if not due:
            return None
        key, body = due[-1 if switches(transaction).reversed else 0]
        transaction.put(TASK, key, {**body, "due_at": (now + _LEASE).isoformat()})
    return Task(key, body["order_id"], body["body"], body["attempts"])


def end_task(transaction: Transaction, task: Task) -> None:
    """Take a thing that is done out of the queue."""
    transaction.take(TASK, task.key)


def put_back(made: Parts, task: Task, error: str) -> None:
    """Let a thing wait for its next try; given up after a week."""
    pause = PAUSES[task.attempts] if task.attempts < len(PAUSES) else _LATER
    with made.store.transaction() as transaction:
        body = transaction.take(TASK, task.key)
        if body is not None and task.attempts + 1 < _MOST_ATTEMPTS:
            due_at = (made.clock.now() + pause).isoformat()
            transaction.put(TASK, task.key, {**body, "attempts": task.attempts + 1, "due_at": due_at, "error": error})


def _is_due(body: dict[str, Any], now: datetime, *, is_telling: bool) -> bool:
    return (body["body"] is not None) == is_telling and datetime.fromisoformat(body["due_at"]) <= now
