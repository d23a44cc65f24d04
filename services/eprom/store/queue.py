"""Orders whose time has come, taken in parts; each part goes on where the last one ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select, tuple_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.eprom.domain.national import NATIONAL
from services.eprom.domain.order import OrderState
from services.eprom.domain.reach import PAPER
from services.eprom.store.tables import OrderRow
from shared.db.types import UtcDateTime

_FACTS = (OrderRow.order_id, OrderRow.course_id, OrderRow.pid, OrderRow.form)


@dataclass(frozen=True)
class Queued:
    """An order that is queued from now on; `at` is the moment it was queued for."""

    order_id: str
    course_id: int
    pid: int
    form: str
    at: datetime

    @property
    def facts(self) -> dict[str, Any]:
        """What each event about it tells."""
        return {"order_id": self.order_id, "course_id": self.course_id, "pid": self.pid, "form": self.form}


def queue_due(
    session: Session, registry: str, until: datetime, day: date, *, after: Queued | None, limit: int
) -> Sequence[Queued]:
    """Mark the next orders that wait for a moment before `until` as queued on a day, once a day; earliest first."""
    due = (OrderRow.state == OrderState.WAITING) & (OrderRow.due_at < until) & (OrderRow.registry_key == registry)
    return _queue(session, OrderRow.due_at, due, day, after, limit)


def queue_reminders(
    session: Session, registries: Sequence[str], now: datetime, day: date, *, after: Queued | None, limit: int
) -> Sequence[Queued]:
    """Mark the next sent orders whose first deadline is over as queued on a day, once a day; earliest first."""
    due = (OrderRow.state == OrderState.SENT) & (OrderRow.remind_at <= now) & OrderRow.registry_key.in_(registries)
    due &= func.coalesce(OrderRow.channel, "") != NATIONAL  # nobody here can remind of a form that lies there
    return _queue(session, OrderRow.remind_at, due, day, after, limit)


def orders_to_lock(session: Session, now: datetime, *, limit: int) -> Sequence[OrderRow]:
    """Orders whose last deadline is over, locked for change; those somebody else holds are left out.

    They were reminded of, or went out on paper, of which nobody is reminded.
    """
    on_paper = (OrderRow.state == OrderState.SENT) & (OrderRow.channel == PAPER)
    query = select(OrderRow).where((OrderRow.state == OrderState.REMINDED) | on_paper, OrderRow.lock_at <= now)
    query = query.order_by(OrderRow.lock_at, OrderRow.order_id).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def _queue(
    session: Session,
    moment: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    due: ColumnElement[bool],
    day: date,
    after: Queued | None,
    limit: int,
) -> Sequence[Queued]:
    query = select(OrderRow.order_id).where(due, or_(OrderRow.queued_on.is_(None), OrderRow.queued_on < day))
    if after is not None:
        query = query.where(tuple_(moment, OrderRow.order_id) > tuple_(literal(after.at, UtcDateTime), after.order_id))
    next_part = (
        query.order_by(moment, OrderRow.order_id).limit(limit).with_for_update(skip_locked=True).cte("next_part")
    )
    change = update(OrderRow).where(OrderRow.order_id.in_(select(next_part.c.order_id))).values(queued_on=day)
    rows = session.execute(change.returning(*_FACTS, moment).execution_options(synchronize_session=False)).all()
    queued = [Queued(order_id, course_id, pid, form, at) for order_id, course_id, pid, form, at in rows if at]
    return sorted(queued, key=lambda one: (one.at, one.order_id))
