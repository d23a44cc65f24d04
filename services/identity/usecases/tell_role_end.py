"""Tell of a role that will soon end by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from services.identity.domain.deadlines import ROLE_END_TOLD_BEFORE
from services.identity.store.store import Store
from services.identity.store.users import place_of
from services.identity.usecases.coordinators import coordinators
from services.identity.usecases.messages import Messages
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.clock import oslo


def tell_role_end(role_id: int, *, messages: Messages, uow: UnitOfWork[Store]) -> None:
    """Write to the user and to the coordinators, once for each end; a role that was prolonged since is left alone."""
    with uow() as store:
        row = store.users.role_to_tell_of(role_id)
        if row is None or row.ends_at is None or store.now < row.ends_at - ROLE_END_TOLD_BEFORE:
            return
        row.end_told_at = store.now
        user = store.users.get(row.user_id)
        about: dict[str, Any] = {"role": row.role, "day": last_day(row.ends_at), "name": messages.seals.name_of(user)}
        messages.send_mail(store, messages.seals.details_of(user), "message.role_ends", language=user.language, **about)
        for other in coordinators(store, place_of(row), but=user.user_id):
            details = messages.seals.details_of(other)
            messages.send_mail(store, details, "message.role_of_other_ends", language=other.language, **about)


def last_day(ends_at: datetime) -> str:
    """The last Oslo day that is whole before a moment, as it is written in Norway."""
    return f"{oslo(ends_at).date() - timedelta(days=1):%d.%m.%Y}"
