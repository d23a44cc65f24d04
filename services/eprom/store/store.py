"""The database of eprom inside one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import delete, func, or_, select

from services.eprom.domain.course import Course, CourseName
from services.eprom.domain.errors import NotFound
from services.eprom.domain.order import Order, OrderState
from services.eprom.domain.outside_orders import OUTSIDE, OUTSIDE_NEWS_JOB, TOLD_STATES
from services.eprom.domain.reach import ReachCode
from services.eprom.store.tables import AnswerRow, AttemptRow, CodeRow, CourseRow, NationalRow, OrderRow, SentRow
from shared.outbox.unit_of_work import Store as KitStore


def order_of(row: OrderRow) -> Order:
    """The order as the rules see it."""
    return Order(
        state=OrderState(row.state),
        due_at=row.due_at,
        remind_at=row.remind_at,
        lock_at=row.lock_at,
        reason=row.reason,
        code=ReachCode(row.code) if row.code else None,
    )


def course_of(row: CourseRow) -> Course:
    """The course as the rules see it."""
    return Course(
        included=row.included,
        basis=row.basis,
        course_type=row.course_type,
        consented=row.consented,
        opened_on=row.opened_on,
        finalised={form: date.fromisoformat(day) if day else None for form, day in row.finalised.items()},
        closed=frozenset(row.closed),
        is_stopped=row.is_stopped,
    )


class Store(KitStore):
    """Orders, answers and the ledger of messages."""

    def order(self, order_id: str) -> OrderRow:
        """The order, locked for change; raises NotFound."""
        row = self.session.scalar(select(OrderRow).where(OrderRow.order_id == order_id).with_for_update())
        if row is None:
            raise NotFound
        return row

    def order_by_link(self, link_hash: str) -> OrderRow:
        """The order a link leads to; raises NotFound."""
        row = self.session.scalar(select(OrderRow).where(OrderRow.link_hash == link_hash).with_for_update())
        if row is None:
            raise NotFound
        return row

    def order_by_message(self, message_id: str, channel: str) -> OrderRow:
        """The order of a message that a channel has taken; raises NotFound."""
        taken = select(SentRow.order_id).where(SentRow.message_id == message_id, SentRow.channel == channel)
        return self.order(self.session.scalar(taken) or "")

    def change(self, row: OrderRow, order: Order) -> None:
        """Write what the rules decided back to the row."""
        self.set(row, order)
        self.session.flush()

    def set(self, row: OrderRow, order: Order) -> None:
        """The same, written with the next statement or the commit; for many rows."""
        before = row.state
        for name, value in asdict(order).items():
            setattr(row, name, value)
        if row.course_id == OUTSIDE and row.state != before and row.state in TOLD_STATES:
            key = f"{OUTSIDE_NEWS_JOB}:{row.order_id}:{row.state}"
            self.enqueue(OUTSIDE_NEWS_JOB, key=key, order_id=row.order_id, state=row.state)

    def course(self, course_id: int) -> CourseRow | None:
        """The facts of a course, locked for change."""
        return self.session.scalar(select(CourseRow).where(CourseRow.course_id == course_id).with_for_update())

    def known_course(self, name: CourseName) -> CourseRow:
        """The facts of a course, which may be new."""
        row = self.course(name.course_id)
        if row is None:
            facts = {"course_id": name.course_id, "pid": name.pid, "organisation": name.organisation}
            row = CourseRow(**facts, registry_key=name.registry, finalised={}, closed=[], is_stopped=False)
            self.add(row)
        return row

    def courses_of_person(self, pid: int) -> Sequence[CourseRow]:
        """All courses of a person, locked for change."""
        return self.session.scalars(select(CourseRow).where(CourseRow.pid == pid).with_for_update()).all()

    def forget_course(self, course_id: int) -> None:
        """Forget the facts of a course."""
        self.session.execute(delete(CourseRow).where(CourseRow.course_id == course_id))

    def orders_of_course(self, course_id: int, form: str | None = None) -> Sequence[OrderRow]:
        """Orders of a course, locked for change, oldest first."""
        query = select(OrderRow).where(OrderRow.course_id == course_id)
        if form is not None:
            query = query.where(OrderRow.form == form)
        return self.session.scalars(query.order_by(OrderRow.created_at).with_for_update()).all()

    def orders_of_person(self, pid: int) -> Sequence[OrderRow]:
        """All orders of a person, locked for change."""
        return self.session.scalars(select(OrderRow).where(OrderRow.pid == pid).with_for_update()).all()

    def add(self, row: object) -> None:
        """Put a new row into the transaction."""
        self.session.add(row)
        self.session.flush()

    def claim(self, order_ids: Sequence[str], state: OrderState, until: datetime) -> Sequence[OrderRow]:
        """Those of some orders that are in a state and that nobody else is sending; until a moment they are ours."""
        is_free = or_(OrderRow.claimed_until.is_(None), OrderRow.claimed_until <= self.now)
        query = select(OrderRow).where(OrderRow.order_id.in_(order_ids), OrderRow.state == state, is_free)
        rows = self.session.scalars(query.order_by(OrderRow.order_id).with_for_update(skip_locked=True)).all()
        for row in rows:
            row.claimed_until = until
        return rows

    def count_in(self, order_ids: Sequence[str], state: OrderState) -> int:
        """How many of some orders are in a state, whoever holds them."""
        query = select(func.count()).select_from(OrderRow)
        return self.session.scalar(query.where(OrderRow.order_id.in_(order_ids), OrderRow.state == state)) or 0

    def state_of(self, order_id: str) -> str | None:
        """The state of an order just now, without a lock."""
        return self.session.scalar(select(OrderRow.state).where(OrderRow.order_id == order_id))

    def sent_among(self, message_ids: Sequence[str]) -> Collection[str]:
        """Those of some messages that a channel has taken."""
        return set(self.session.scalars(select(SentRow.message_id).where(SentRow.message_id.in_(message_ids))))

    def answer(self, order_id: str) -> AnswerRow | None:
        """What the patient has answered so far."""
        return self.session.get(AnswerRow, order_id)

    def erase_answer(self, order_id: str) -> None:
        """Forget the answers of an order."""
        self.session.execute(delete(AnswerRow).where(AnswerRow.order_id == order_id))

    def erase_answers(self, order_ids: Sequence[str]) -> None:
        """Forget the answers of some orders."""
        self.session.execute(delete(AnswerRow).where(AnswerRow.order_id.in_(order_ids)))

    def was_sent(self, message_id: str) -> bool:
        """Whether a channel has taken this message."""
        return self.session.get(SentRow, message_id) is not None

    def erase_person(self, pid: int, registry: str) -> None:
        """Forget every order, answer and message of a person in a registry."""
        orders = select(OrderRow.order_id).where(OrderRow.pid == pid, OrderRow.registry_key == registry)
        for kind in (AnswerRow, AttemptRow, CodeRow, NationalRow, SentRow):
            self.session.execute(delete(kind).where(kind.order_id.in_(orders)))
        for known in (OrderRow, CourseRow):
            self.session.execute(delete(known).where(known.pid == pid, known.registry_key == registry))
