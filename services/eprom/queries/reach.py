"""The reach ledger: what was tried to reach a person for a form, and what came of it; never contact data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from services.eprom.domain.errors import NotFound
from services.eprom.domain.reach import Outcome, ReachCode
from services.eprom.queries.answers import access
from services.eprom.store.store import Store
from services.eprom.store.tables import AttemptRow, OrderRow
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class AttemptLine:
    """One attempt to reach the person: with which message of which form, by which channel, when, and how it ended."""

    order_id: str
    form: str
    message_id: str
    kind: str
    channel: str
    tried_at: datetime
    outcome: Outcome
    code: ReachCode | None


def attempts_of_order(order_id: str, *, by: Principal, uow: UnitOfWork[Store]) -> Sequence[AttemptLine]:
    """The ledger of one order, oldest first; raises NotFound."""
    return _attempts(OrderRow.order_id == order_id, by, uow)


def attempts_of_course(course_id: int, *, by: Principal, uow: UnitOfWork[Store]) -> Sequence[AttemptLine]:
    """The ledger of all orders of one course, oldest first; raises NotFound for a course without orders."""
    return _attempts(OrderRow.course_id == course_id, by, uow)


def _attempts(which: ColumnElement[bool], by: Principal, uow: UnitOfWork[Store]) -> Sequence[AttemptLine]:
    with uow() as store:
        orders = {row.order_id: row for row in store.session.scalars(select(OrderRow).where(which))}
        if not orders:
            raise NotFound
        store.log_access(*(access(row, by, reason="reach") for row in orders.values()))
        query = select(AttemptRow).where(AttemptRow.order_id.in_(orders)).order_by(AttemptRow.attempt_id)
        return [_line(row, orders[row.order_id].form) for row in store.session.scalars(query)]


def _line(row: AttemptRow, form: str) -> AttemptLine:
    return AttemptLine(
        order_id=row.order_id,
        form=form,
        message_id=row.message_id,
        kind=row.kind,
        channel=row.channel,
        tried_at=row.tried_at,
        outcome=Outcome(row.outcome),
        code=ReachCode(row.code) if row.code else None,
    )
