"""Put an end to lost phones that nobody confirmed within a day."""

from __future__ import annotations

from services.identity.store.store import Store
from services.identity.usecases.acting import CALENDAR, log_act
from services.identity.usecases.messages import Messages
from shared.outbox.unit_of_work import UnitOfWork


def expire_lost_phones(*, messages: Messages, uow: UnitOfWork[Store]) -> int:
    """Forget them and tell the users that nothing has changed; returns how many."""
    with uow() as store:
        overdue = store.lost_phones.overdue()
        for row in overdue:
            user = store.users.get(row.user_id)
            details = messages.seals.details_of(user)
            messages.send_mail(store, details, "message.lost_phone_rejected", language=user.language)
            log_act(store, CALENDAR, f"user:{row.user_id}/mobile", reason="", change={"lost_phone": "expired"})
            store.lost_phones.remove(row)
        return len(overdue)
