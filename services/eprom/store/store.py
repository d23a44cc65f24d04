"""The database of eprom inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import delete, select

from services.eprom.domain.course import Course, CourseName
from services.eprom.domain.errors import NotFound
from services.eprom.domain.order import Order, OrderState
from services.eprom.store.tables import AnswerRow, CourseRow, OrderRow, SentRow
from shared.outbox.unit_of_work import Store as KitStore


def order_of(row: OrderRow) -> Order:
    """The order as the rules see it."""
    return Order(
        state=OrderState(row.state), due_at=row.due_at, remind_at=row.remind_at, lock_at=row.lock_at, reason=row.reason
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

    def change(self, row: OrderRow, order: Order) -> None:
        """Write what the rules decided back to the row."""
        for name, value in asdict(order).items():
            setattr(row, name, value)
        self.session.flush()

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

    def due_orders(self, registry: str, until: datetime) -> Sequence[OrderRow]:
        """Orders of a registry that wait for a moment before `until`."""
        waiting = (OrderRow.state == OrderState.WAITING) & (OrderRow.registry_key == registry)
        return self.session.scalars(
            select(OrderRow).where(waiting, OrderRow.due_at < until).order_by(OrderRow.due_at)
        ).all()

    def orders_to_remind(self, now: datetime) -> Sequence[str]:
        """Ids of sent orders whose first deadline is over."""
        query = select(OrderRow.order_id).where(OrderRow.state == OrderState.SENT, OrderRow.remind_at <= now)
        return self.session.scalars(query).all()

    def orders_to_lock(self, now: datetime) -> Sequence[str]:
        """Ids of reminded orders whose last deadline is over."""
        query = select(OrderRow.order_id).where(OrderRow.state == OrderState.REMINDED, OrderRow.lock_at <= now)
        return self.session.scalars(query).all()

    def answer(self, order_id: str) -> AnswerRow | None:
        """What the patient has answered so far."""
        return self.session.get(AnswerRow, order_id)

    def erase_answer(self, order_id: str) -> None:
        """Forget the answers of an order."""
        self.session.execute(delete(AnswerRow).where(AnswerRow.order_id == order_id))

    def was_sent(self, message_id: str) -> bool:
        """Whether a channel has taken this message."""
        return self.session.get(SentRow, message_id) is not None

    def erase_person(self, pid: int) -> None:
        """Forget every order, answer and message of a person."""
        orders = select(OrderRow.order_id).where(OrderRow.pid == pid)
        for kind in (AnswerRow, SentRow):
            self.session.execute(delete(kind).where(kind.order_id.in_(orders)))
        for known in (OrderRow, CourseRow):
            self.session.execute(delete(known).where(known.pid == pid))
