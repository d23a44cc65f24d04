"""The two messages of an order, and the jobs that send them."""

from __future__ import annotations

from datetime import datetime

from services.eprom.domain.deadlines import oslo_date
from services.eprom.store.store import Store

SEND_JOB, REMIND_JOB = "send_form", "remind"
FIRST, REMINDER = "first", "reminder"
NO_CHANNEL = "none"


def send_first(store: Store, order_id: str, at: datetime) -> None:
    """Have the first message of an order sent, once. What an outage kept back is tried anew each day."""
    key = f"{FIRST}:{order_id}:{oslo_date(at)}"
    store.enqueue(SEND_JOB, key=key, due_at=at, order_id=order_id, kind=FIRST)


def send_reminder(store: Store, order_id: str) -> None:
    """Have the one reminder of an order sent, once. What an outage kept back is tried anew each day."""
    key = f"{REMINDER}:{order_id}:{oslo_date(store.now)}"
    store.enqueue(REMIND_JOB, key=key, order_id=order_id, kind=REMINDER)
