"""Tell another registry what became of its order, by `PUT /api/PromsFormOrder`; its answers leave with the news."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.eprom.domain.deadlines import OSLO
from services.eprom.domain.national import NOBODY, NotificationChannel, Status, StatusError
from services.eprom.domain.order import OrderState, stored
from services.eprom.domain.outside_orders import WAYS, orderer_key
from services.eprom.store.outside import orderer_of, outside_order
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import OrderRow, OutsideRow
from services.eprom.usecases.ports import Claims, Orderers
from shared.outbox.unit_of_work import UnitOfWork

_UNREACHED = frozenset({OrderState.UNREACHABLE, OrderState.FAILED})
# A failed order may be tried anew by a person, who needs the number.
_OVER = frozenset({OrderState.ANSWERED, OrderState.STOPPED, OrderState.EXPIRED, OrderState.UNREACHABLE})


@dataclass(frozen=True)
class Couriers:
    """The lines that telling needs."""

    orderers: Orderers
    claims: Claims
    secret: bytes = field(repr=False)


def tell_orderer(order_id: str, state: str, *, couriers: Couriers, uow: UnitOfWork[Store]) -> None:
    """Tell of a state that an order came to; raises OutsideUnavailable until it is acknowledged."""
    with uow() as store:
        row, outside = store.order(order_id), outside_order(store, order_id)
        orderer = orderer_of(store, outside.orderer)
        news = _news(store, row, outside, OrderState(state))
        base_url, salt, claim = orderer.base_url, orderer.salt, -row.pid
    if news is not None:
        key = orderer_key(couriers.secret, orderer.name, salt)
        couriers.orderers.tell(base_url, {"apiKey": key, **news})
    if state in _OVER:
        couriers.claims.release(claim)
    if state == OrderState.ANSWERED:
        _forget(order_id, uow)


def _forget(order_id: str, uow: UnitOfWork[Store]) -> None:
    """The orderer holds the answers: erase the copy here."""
    with uow() as store:
        row = store.order(order_id)
        if row.state == OrderState.ANSWERED:
            store.change(row, stored(order_of(row)))
            store.erase_answer(order_id)


def _news(store: Store, row: OrderRow, outside: OutsideRow, state: OrderState) -> dict[str, Any] | None:
    if state is OrderState.ANSWERED:
        return _completed(store, row, outside)
    if state is OrderState.SENT:
        return _status(row, outside, Status.ORDERED)
    if state in _UNREACHED:
        return _status(row, outside, Status.ERROR)
    if state in (OrderState.STOPPED, OrderState.EXPIRED):
        # Who declines, or has not answered in time, lets the order run out; all others were not to be reached.
        is_over = row.reason is not None or store.now >= outside.expires_at
        return _status(row, outside, Status.EXPIRED if is_over else Status.ERROR)
    return None


def _status(row: OrderRow, outside: OutsideRow, status: Status) -> dict[str, Any]:
    is_error = status is Status.ERROR
    ordered_at = row.created_at
    return {
        "formOrderId": outside.form_order_id,
        "notificationChannel": _number(NotificationChannel.NONE if is_error else _way(row)),
        "timestamp": ordered_at.astimezone(OSLO).replace(tzinfo=None).isoformat(timespec="seconds"),
        "timestampUtc": _utc(ordered_at),
        "formOrderStatus": status,
        "formOrderStatusErrorCode": StatusError.PATIENT_UNREACHABLE if is_error else StatusError.NONE,
    }


def _completed(store: Store, row: OrderRow, outside: OutsideRow) -> dict[str, Any] | None:
    kept = store.answer(row.order_id)
    if kept is None:
        return None  # told before, and erased
    answers: Mapping[str, Any] = kept.document["answers"]
    return {
        "formOrderId": outside.form_order_id,
        "formData": json.dumps(answers),
        "formOrderStatus": Status.COMPLETED,
        "formOrderStatusErrorCode": StatusError.NONE,
        "signedFormId": NOBODY,
        "scannedPaperId": NOBODY,
        "timestamp": kept.saved_at.astimezone(OSLO).isoformat(timespec="seconds"),
        "formDataWarnings": [],
        "notificationChannel": _number(_way(row)),
        "isPatientInitiated": False,
        "patientInitiatedValues": None,
        "formOrderEventLog": [],
    }


def _way(row: OrderRow) -> NotificationChannel:
    return WAYS.get(row.channel or "", NotificationChannel.NONE)


def _number(way: NotificationChannel) -> int:
    return list(NotificationChannel).index(way)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
