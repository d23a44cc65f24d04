"""Submitted answers, for registration, which keeps them from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.eprom.domain.errors import NotFound
from services.eprom.domain.order import OrderState
from services.eprom.domain.outside_orders import OUTSIDE
from services.eprom.domain.representation import FilledOutBy
from services.eprom.store.store import Store
from services.eprom.store.tables import OrderRow
from shared.audit.log import Access
from shared.auth.principal import Principal
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Answers:
    """One submitted form."""

    order_id: str
    course_id: int
    pid: int
    form: str
    definition_version: int
    document: Mapping[str, Any]
    answered_at: datetime
    filled_out_by: FilledOutBy
    misfits: Sequence[Mapping[str, str]]


def answers_of(order_id: str, *, by: Principal, uow: UnitOfWork[Store]) -> Answers:
    """The answers of an order that are not stored in registration yet; raises NotFound for all others."""
    with uow() as store:
        row, kept = store.order(order_id), store.answer(order_id)
        if row.state != OrderState.ANSWERED or kept is None or row.course_id == OUTSIDE:
            raise NotFound
        store.log_access(access(row, by, reason="store_answers"))
        return Answers(
            order_id=order_id,
            course_id=row.course_id,
            pid=row.pid,
            form=row.form,
            definition_version=kept.definition_version,
            document=kept.document,
            answered_at=kept.saved_at,
            filled_out_by=FilledOutBy(kept.filled_out_by),
            misfits=kept.misfits or (),
        )


def access(row: OrderRow, by: Principal, *, reason: str) -> Access:
    """The log entry of a service that reads the answers of an order."""
    return Access.by_system(
        by.actor,
        organisation=row.organisation,
        registry=row.registry_key,
        pid=row.pid,
        action="read",
        object=f"form:{row.form}",
        reason=reason,
    )
