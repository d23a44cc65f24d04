"""Whether the person at the door is the one a form was ordered for."""

from __future__ import annotations

import hmac

from services.eprom.domain.errors import NotFound
from services.eprom.store.store import Store
from services.eprom.usecases.ports import RecipientGone, Recipients
from shared.outbox.unit_of_work import UnitOfWork


def match_person(order_id: str, number: str, *, recipients: Recipients, uow: UnitOfWork[Store]) -> int | None:
    """The PID of the order if it is of the person with this number, else None; raises OutsideUnavailable.

    The number is compared and forgotten.
    """
    try:
        with uow() as store:
            row = store.order(order_id)
            pid, course_id = row.pid, row.course_id
        recipient = recipients.look_up(pid, course_id)
    except (NotFound, RecipientGone):
        return None
    return pid if hmac.compare_digest(recipient.number.encode(), number.encode()) else None
