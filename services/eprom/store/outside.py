"""Orderers and their orders, as the store of eprom holds them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from services.eprom.domain.errors import NotFound
from services.eprom.store.store import Store
from services.eprom.store.tables import OrdererRow, OutsideRow


def outside_order(store: Store, order_id: str) -> OutsideRow:
    """What another registry's order has besides ours; raises NotFound."""
    row = store.session.get(OutsideRow, order_id)
    if row is None:
        raise NotFound
    return row


def orderer_of(store: Store, name: str) -> OrdererRow:
    """The orderer, also one that may order no more; raises NotFound."""
    row = store.session.get(OrdererRow, name)
    if row is None:
        raise NotFound
    return row


def orderer_with_hash(store: Store, key_hash: str) -> OrdererRow | None:
    """The orderer whose key has this hash."""
    return store.session.scalar(select(OrdererRow).where(OrdererRow.key_hash == key_hash))


def all_orderers(store: Store) -> Sequence[OrdererRow]:
    """All orderers, by name."""
    return store.session.scalars(select(OrdererRow).order_by(OrdererRow.name)).all()
