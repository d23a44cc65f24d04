"""Orders at the national ePROM, as the store of eprom holds them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from services.eprom.domain.national import NATIONAL, Standing
from services.eprom.domain.order import OrderState
from services.eprom.store.store import Store
from services.eprom.store.tables import NationalRow, OrderRow


def national_order(store: Store, key: str) -> NationalRow | None:
    """The order with our key, locked for change."""
    return store.session.scalar(select(NationalRow).where(NationalRow.key == key).with_for_update())


def order_told_of(store: Store, form_order_id: str) -> NationalRow | None:
    """The order with their id, locked for change."""
    return store.session.scalar(select(NationalRow).where(NationalRow.form_order_id == form_order_id).with_for_update())


def national_order_for(store: Store, order_id: str) -> NationalRow | None:
    """The national order of one of our orders, locked for change."""
    return store.session.scalar(select(NationalRow).where(NationalRow.order_id == order_id).with_for_update())


def orders_of_unknown_outcome(store: Store) -> Sequence[NationalRow]:
    """Orders that may have been taken, the oldest first."""
    query = select(NationalRow).where(NationalRow.standing == Standing.UNKNOWN)
    return store.session.scalars(query.order_by(NationalRow.changed_at)).all()


def orders_never_told_of(store: Store, before: datetime) -> Sequence[OrderRow]:
    """Orders there whose last day was over at a moment, and whose end nobody has told; locked for change."""
    query = select(OrderRow).where(OrderRow.state == OrderState.SENT, OrderRow.channel == NATIONAL)
    return store.session.scalars(query.where(OrderRow.lock_at <= before).with_for_update(skip_locked=True)).all()


def forget_national_order(store: Store, key: str) -> None:
    """Forget an order that was not placed."""
    store.session.execute(delete(NationalRow).where(NationalRow.key == key))


def change_standing(store: Store, row: NationalRow, standing: Standing) -> None:
    """Write down where an order stands now."""
    row.standing, row.changed_at = standing, store.now
    store.session.flush()
