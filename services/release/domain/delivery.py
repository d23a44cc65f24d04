"""A delivery of data: two persons approve, the named recipient downloads once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.release.domain.errors import RuleBroken

APPROVERS = 2
# How long a file waits: first for two persons, then for its recipient.
_FILE_LIVES = timedelta(days=30)


class DeliveryState(StrEnum):
    """From the order of the extract to the download."""

    REQUESTED = "requested"
    FAILED = "failed"  # no extract could be made
    READY = "ready"  # the extract is made; waits for two persons
    APPROVED = "approved"
    DOWNLOADED = "downloaded"
    EXPIRED = "expired"  # nobody came for the file in time
    WITHDRAWN = "withdrawn"


UNDER_WAY = frozenset({DeliveryState.REQUESTED, DeliveryState.READY, DeliveryState.APPROVED})


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What the rules need of a delivery. `smallest_cell` is the fewest persons behind any combination shown."""

    state: DeliveryState
    recipient: str
    smallest_cell: int | None = None
    approvals: frozenset[str] = frozenset()


def made(delivery: Delivery, *, smallest_cell: int) -> Delivery:
    """The delivery when its extract has come; earlier approvals were of another file and do not count."""
    if delivery.state not in UNDER_WAY:
        raise RuleBroken("delivery_is_over")
    return replace(delivery, state=DeliveryState.READY, smallest_cell=smallest_cell, approvals=frozenset())


def failed(delivery: Delivery) -> Delivery:
    """The delivery when no extract could be made; it may be ordered anew."""
    if delivery.state is not DeliveryState.REQUESTED:
        raise RuleBroken("delivery_is_over")
    return replace(delivery, state=DeliveryState.FAILED)


def expired(delivery: Delivery) -> Delivery:
    """The delivery when nobody came for the file in time."""
    if delivery.state not in {DeliveryState.READY, DeliveryState.APPROVED}:
        raise RuleBroken("delivery_is_not_open")
    return replace(delivery, state=DeliveryState.EXPIRED)


def expiry(now: datetime) -> datetime:
    """When a file that is made or opened now is deleted if nobody comes for it."""
    return now + _FILE_LIVES


def approve(delivery: Delivery, *, by: str, threshold: int, accepts_small_cells: bool) -> Delivery:
    """Approved by one person more; small cells need an explicit yes from each, and two persons must agree."""
    if delivery.state is not DeliveryState.READY:
        raise RuleBroken("delivery_is_not_ready")
    if by == delivery.recipient:
        raise RuleBroken("nobody_decides_on_own_application")
    if by in delivery.approvals:
        raise RuleBroken("second_person_must_approve")
    if (delivery.smallest_cell or 0) < threshold and not accepts_small_cells:
        raise RuleBroken("small_cells_not_accepted")
    approvals = delivery.approvals | {by}
    state = DeliveryState.APPROVED if len(approvals) >= APPROVERS else DeliveryState.READY
    return replace(delivery, approvals=approvals, state=state)


def recalled(delivery: Delivery) -> Delivery:
    """The delivery when a person in it has reserved: not downloaded yet means it is made anew."""
    if delivery.state not in UNDER_WAY:
        return delivery
    return replace(delivery, state=DeliveryState.REQUESTED, smallest_cell=None, approvals=frozenset())


def downloaded(delivery: Delivery, *, by: str) -> Delivery:
    """Downloaded by the named recipient, once."""
    if by != delivery.recipient:
        raise RuleBroken("not_found")
    if delivery.state is not DeliveryState.APPROVED:
        raise RuleBroken("delivery_is_not_open")
    return replace(delivery, state=DeliveryState.DOWNLOADED)
