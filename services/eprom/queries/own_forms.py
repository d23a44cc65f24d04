"""What a patient may see: the own forms, found by the link, shown to the one whose number was proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from services.eprom.domain.deadlines import oslo_date
from services.eprom.domain.errors import NotFound
from services.eprom.domain.links import token_hash
from services.eprom.domain.order import OrderState, is_open
from services.eprom.domain.outside_orders import OUTSIDE
from services.eprom.domain.representation import FilledOutBy
from services.eprom.queries.answers import access
from services.eprom.store.outside import outside_order
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import AnswerRow, CourseRow, OrderRow
from shared.auth.principal import Principal
from shared.db.database import Database
from shared.forms.catalogue import registry
from shared.forms.errors import UnknownForm
from shared.outbox.unit_of_work import UnitOfWork


class Standing(StrEnum):
    """How a form stands for its patient."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    STOPPED = "stopped"


_CLOSED = {
    OrderState.ANSWERED: Standing.ANSWERED,
    OrderState.STORED: Standing.ANSWERED,
    OrderState.STOPPED: Standing.STOPPED,
}


@dataclass(frozen=True, kw_only=True)
class OwnForm:
    """A patient's own form; `document` is what was answered so far, `last_day` the last one to answer on.

    `asked_by` is the orderer that asks, by name; None when our own registry does.
    """

    order_id: str
    registry: str
    form: str
    standing: Standing
    last_day: date | None
    definition_version: int | None = None
    document: Mapping[str, Any] | None = None
    skipped: frozenset[str] = frozenset()
    saved_at: datetime | None = None
    asked_by: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can be answered."""
        return self.standing is Standing.OPEN


def _version(store: Store, order: OrderRow) -> int | None:
    """The version to begin with: the one of the course's definitions, None while registration has not told them."""
    course = store.session.get(CourseRow, order.course_id)
    if course is None or course.definitions_on is None:
        return None
    try:
        return registry(order.registry_key).form_on(order.form, course.definitions_on).version
    except UnknownForm:
        raise NotFound from None


@dataclass(frozen=True, kw_only=True)
class Linked:
    """What a link leads to."""

    order_id: str
    registry: str


def order_behind(token: str, *, database: Database) -> Linked | None:
    """The order a link leads to, or None. Looking uses nothing up."""
    with database.reading() as session:
        row = session.scalar(select(OrderRow).where(OrderRow.link_hash == token_hash(token)))
        return Linked(order_id=row.order_id, registry=row.registry_key) if row else None


def own_form(
    order_id: str,
    pid: int | None,
    *,
    by: Principal,
    uow: UnitOfWork[Store],
    role: FilledOutBy = FilledOutBy.PATIENT,
    reason: str = "own_form",
) -> OwnForm:
    """The form with what was answered so far; raises NotFound for somebody else's. `role` is for the access log."""
    with uow() as store:
        row = store.order(order_id)
        if pid is None or row.pid != pid or row.state == OrderState.WAITING:
            raise NotFound
        kept = store.answer(order_id)
        store.log_access(access(row, by, reason=reason)._replace(role=role))
        return OwnForm(
            order_id=order_id,
            registry=row.registry_key,
            form=row.form,
            standing=_standing(row, store.now),
            last_day=oslo_date(row.lock_at - timedelta(seconds=1)) if row.lock_at else None,
            definition_version=kept.definition_version if kept else _version(store, row),
            asked_by=outside_order(store, order_id).orderer if row.course_id == OUTSIDE else None,
            **_progress(kept),
        )


def _progress(kept: AnswerRow | None) -> dict[str, Any]:
    if kept is None:
        return {}
    return {"document": kept.document, "skipped": frozenset(kept.skipped or ()), "saved_at": kept.saved_at}


def other_open_forms(order_id: str, pid: int, *, now: datetime, database: Database) -> Sequence[str]:
    """Ids of the person's other forms that can be answered, the one that closes first on top."""
    with database.reading() as session:
        rows = session.scalars(select(OrderRow).where(OrderRow.pid == pid).order_by(OrderRow.lock_at)).all()
        return [row.order_id for row in rows if row.order_id != order_id and is_open(order_of(row), now)]


def _standing(row: OrderRow, now: datetime) -> Standing:
    if is_open(order_of(row), now):
        return Standing.OPEN
    return _CLOSED.get(OrderState(row.state), Standing.EXPIRED)
