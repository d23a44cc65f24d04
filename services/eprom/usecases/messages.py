"""The two messages of an order, and the jobs that send them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.eprom.domain.deadlines import oslo_date
from services.eprom.store.store import Store

SEND_JOB, REMIND_JOB, BATCH_JOB = "send_form", "remind", "send_forms"
FIRST, REMINDER = "first", "reminder"
REST = "rest"  # the first message again, for the parent whom an outage kept it from
NO_CHANNEL = "none"
_JOBS = {FIRST: SEND_JOB, REMINDER: REMIND_JOB, REST: SEND_JOB}


def send_one(store: Store, order_id: str, kind: str, *, at: datetime | None = None) -> None:
    """Have one message of an order sent, once. What an outage kept back is tried anew each day."""
    key = f"{kind}:{order_id}:{oslo_date(store.now)}"
    store.enqueue(_JOBS[kind], key=key, due_at=at, order_id=order_id, kind=kind)


def send_asked(store: Store, order_id: str) -> None:
    """Have the first message of an order sent now, as somebody has asked for it."""
    key = f"{FIRST}:{order_id}:asked:{store.now.isoformat()}"
    store.enqueue(SEND_JOB, key=key, order_id=order_id, kind=FIRST)


def send_batch(store: Store, order_ids: Sequence[str], kind: str, at: datetime) -> None:
    """Have one message of each of some orders sent; who an outage keeps back gets a job of their own.

    No order is in two batches of a day: they are marked as queued with this transaction.
    """
    key = f"{kind}:batch:{order_ids[0]}:{len(order_ids)}:{at.isoformat()}"
    store.enqueue(BATCH_JOB, key=key, due_at=at, order_ids=list(order_ids), kind=kind)
