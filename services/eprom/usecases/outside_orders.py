"""Take an order of another registry: its form reaches the person as ours do, and nobody's number is kept here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from services.eprom.domain.national import NOBODY
from services.eprom.domain.order import ENDED, OrderState, stopped
from services.eprom.domain.outside_orders import (
    OUTSIDE,
    OUTSIDE_EXPIRY_JOB,
    CatalogueForm,
    OutsideRequest,
    form_id,
)
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import OrderRow, OutsideRow
from services.eprom.usecases.messages import FIRST, SEND_JOB
from services.eprom.usecases.ports import Claims
from shared.forms.catalogue import registries
from shared.outbox.unit_of_work import UnitOfWork

# As long as news of the order may be told again, and somewhat more.
CLAIM_OUTLASTS = timedelta(days=14)


@cache
def catalogue() -> Mapping[str, CatalogueForm]:
    """Every published version of the registries' patient forms, by its id."""
    found: dict[str, CatalogueForm] = {}
    for key, known in registries().items():
        for form in known.rules.forms.get("patient", ()):
            newest = known.form(form)
            for version in range(1, newest.version + 1):
                is_offered = version == newest.version and not newest.lacks_wording
                found[form_id(key, form, version)] = CatalogueForm(key, form, version, is_offered=is_offered)
    return found


def take_outside_order(request: OutsideRequest, orderer: str, *, claims: Claims, uow: UnitOfWork[Store]) -> str:
    """The id of the new order, or the id of nobody when the number is of nobody living; raises OutsideUnavailable."""
    claim = claims.make(request.number, request.expires_at + CLAIM_OUTLASTS)
    if claim is None:
        return NOBODY
    form_order_id = str(uuid.uuid4())
    with uow() as store:
        row = OrderRow(
            order_id=uuid.uuid4().hex,
            course_id=OUTSIDE,
            pid=-claim,
            registry_key=request.form.registry,
            organisation=OUTSIDE,
            form=request.form.form,
            state=OrderState.WAITING,
            due_at=store.now,
            lock_at=request.expires_at,
            asked_channel=request.rule,
            created_at=store.now,
        )
        store.add(row)
        told = {"order_id": row.order_id, "form_order_id": form_order_id, "orderer": orderer}
        store.add(OutsideRow(**told, expires_at=request.expires_at))
        store.enqueue(SEND_JOB, key=f"outside:{form_order_id}", order_id=row.order_id, kind=FIRST)
        key = f"{OUTSIDE_EXPIRY_JOB}:{form_order_id}"
        store.enqueue(OUTSIDE_EXPIRY_JOB, key=key, due_at=request.expires_at, order_id=row.order_id)
    return form_order_id


def expire_outside_order(order_id: str, *, uow: UnitOfWork[Store]) -> None:
    """End an order whose time is out and that nobody answered."""
    with uow() as store:
        row = store.order(order_id)
        if row.state in ENDED or row.state == OrderState.ANSWERED:
            return
        store.change(row, stopped(order_of(row), reason=None))
        row.link_hash = None
        store.erase_answer(order_id)
