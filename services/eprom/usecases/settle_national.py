"""A person has looked in the national ePROM's status panel, and says whether an order of unknown outcome is there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.domain.national import Standing
from services.eprom.domain.order import OrderState, wanted_again
from services.eprom.store.national import (
    change_standing,
    forget_national_order,
    national_order_for,
    orders_of_unknown_outcome,
)
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import NationalRow
from services.eprom.usecases.messages import FIRST, SEND_JOB
from shared.outbox.unit_of_work import UnitOfWork


def unknown_orders(*, uow: UnitOfWork[Store]) -> Sequence[tuple[str, datetime]]:
    """Our orders that may have been taken there, and since when that is open; the oldest first."""
    with uow.reading() as store:
        return [(row.order_id, row.changed_at) for row in orders_of_unknown_outcome(store)]


def note_made(order_id: str, form_order_id: str, *, uow: UnitOfWork[Store]) -> None:
    """The order is there, under their id: what they tell of it counts from now on."""
    try:
        known_as = str(uuid.UUID(form_order_id))
    except ValueError:
        raise RuleBroken("not_an_id") from None
    with uow() as store:
        row = _unknown(store, order_id)
        row.form_order_id = known_as
        change_standing(store, row, Standing.TAKEN)
        _go_on(store, row)


def note_not_made(order_id: str, *, uow: UnitOfWork[Store]) -> None:
    """The order is not there: it is placed anew."""
    with uow() as store:
        row = _unknown(store, order_id)
        _go_on(store, row)
        forget_national_order(store, row.key)


def _unknown(store: Store, order_id: str) -> NationalRow:
    row = national_order_for(store, order_id)
    if row is None or row.standing != Standing.UNKNOWN:
        raise NotFound
    return row


def _go_on(store: Store, row: NationalRow) -> None:
    order = store.order(row.order_id)
    if order.state == OrderState.FAILED:
        store.change(order, wanted_again(order_of(order), due_at=store.now))
        key = f"settled:{row.key}:{store.now.isoformat()}"
        store.enqueue(SEND_JOB, key=key, order_id=row.order_id, kind=FIRST)
