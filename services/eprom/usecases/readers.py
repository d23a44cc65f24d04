"""Who may open a form today: the person it is about, or the parents who answer for a child."""

from __future__ import annotations

import hmac

from services.eprom.domain.representation import FilledOutBy, reader_sign
from services.eprom.usecases.ports import Recipient


def reader_with_number(recipient: Recipient, number: str) -> FilledOutBy | None:
    """Whose place somebody with this number has; None for everybody else."""
    if recipient.answers_self and _is_same(recipient.number, number):
        return FilledOutBy.PATIENT
    is_parent = any(_is_same(parent.number, number) for parent in recipient.representatives or ())
    return FilledOutBy.PARENT if is_parent else None


def reader_with_link(recipient: Recipient, order_id: str, sign: str, key: bytes) -> Recipient | None:
    """Who holds a link: the parent whose sign it carries, the person itself without one; None who may not answer."""
    if not sign:
        return recipient if recipient.answers_self else None
    parents = recipient.representatives or ()
    return next((one for one in parents if _is_same(reader_sign(key, order_id, one.number), sign)), None)


def _is_same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
