"""Whether the person at the door may open a form: the one it was ordered for, or a parent of a child."""

from __future__ import annotations

from dataclasses import dataclass

from services.eprom.domain.errors import NotFound
from services.eprom.domain.representation import FilledOutBy
from services.eprom.store.store import Store
from services.eprom.usecases.ports import RecipientGone, Recipients
from services.eprom.usecases.readers import reader_with_number
from shared.outbox.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True)
class Match:
    """Whose form it is, and who has come to fill it out."""

    pid: int
    filled_out_by: FilledOutBy


def match_person(order_id: str, number: str, *, recipients: Recipients, uow: UnitOfWork[Store]) -> Match | None:
    """The PID of the order if somebody with this number may open it today, else None; raises OutsideUnavailable.

    The number is compared and forgotten. Who answers for a child is asked anew each time.
    """
    try:
        with uow() as store:
            row = store.order(order_id)
            pid, course_id = row.pid, row.course_id
        recipient = recipients.look_up(pid, course_id)
    except (NotFound, RecipientGone):
        return None
    reader = reader_with_number(recipient, number)
    return Match(pid=pid, filled_out_by=reader) if reader else None
