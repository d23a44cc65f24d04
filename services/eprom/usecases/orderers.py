"""Add other registries that may order forms here, or take the right away."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.domain.links import token_hash
from services.eprom.domain.outside_orders import orderer_key
from services.eprom.store.outside import all_orderers, orderer_of
from services.eprom.store.store import Store
from services.eprom.store.tables import OrdererRow
from shared.outbox.unit_of_work import UnitOfWork

_HERE = frozenset({"localhost", "127.0.0.1"})


def add_orderer(name: str, base_url: str, *, secret: bytes, uow: UnitOfWork[Store]) -> str:
    """The key of a new orderer, which is told this once; a name is used once."""
    address = urlsplit(base_url)
    if address.scheme != "https" and address.hostname not in _HERE:
        raise RuleBroken("address_without_https")
    salt = secrets.token_hex(16)
    key = orderer_key(secret, name, salt)
    with uow() as store:
        if any(known.name == name for known in all_orderers(store)):
            raise RuleBroken("orderer_known")
        row = OrdererRow(name=name, salt=salt, key_hash=token_hash(key), base_url=base_url.rstrip("/"))
        row.added_at = store.now
        store.add(row)
    return key


def list_orderers(*, uow: UnitOfWork[Store]) -> Sequence[tuple[str, str, bool]]:
    """Name, address, and whether the orderer may order."""
    with uow.reading() as store:
        return [(row.name, row.base_url, row.removed_at is None) for row in all_orderers(store)]


def remove_orderer(name: str, *, uow: UnitOfWork[Store]) -> None:
    """The key is worth nothing from now on; what was ordered before is still told of."""
    with uow() as store:
        row = orderer_of(store, name)
        if row.removed_at is not None:
            raise NotFound
        row.removed_at = store.now
