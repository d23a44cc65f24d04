"""A delivery of data: two persons approve, the named recipient downloads once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from services.release.domain.errors import RuleBroken

_APPROVERS = 2


class DeliveryState(StrEnum):
    """From the order of the extract to the download."""

    REQUESTED = "requested"
    READY = "ready"  # the extract is made; waits for two persons
    APPROVED = "approved"
    DOWNLOADED = "downloaded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What the rules need of a delivery. `smallest_cell` is the fewest persons behind any combination shown."""

    state: DeliveryState
    recipient: str
    smallest_cell: int | None = None
    approvals: frozenset[str] = frozenset()


def made(delivery: Delivery, *, smallest_cell: int) -> Delivery:
    """The delivery when its extract has come; earlier approvals were of another file and do not count."""
    if delivery.state not in {DeliveryState.REQUESTED, DeliveryState.READY, DeliveryState.APPROVED}:
        raise RuleBroken("delivery_is_over")
    return replace(delivery, state=DeliveryState.READY, smallest_cell=smallest_cell, approvals=frozenset())


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
    state = DeliveryState.APPROVED if len(approvals) >= _APPROVERS else DeliveryState.READY
    return replace(delivery, approvals=approvals, state=state)


def recalled(delivery: Delivery) -> Delivery:
    """The delivery when a person in it has reserved: not downloaded yet means it is made anew."""
    if delivery.state in {DeliveryState.DOWNLOADED, DeliveryState.WITHDRAWN}:
        return delivery
    return replace(delivery, state=DeliveryState.REQUESTED, smallest_cell=None, approvals=frozenset())


def downloaded(delivery: Delivery, *, by: str) -> Delivery:
    """Downloaded by the named recipient, once."""
    if by != delivery.recipient:
        raise RuleBroken("not_found")
    if delivery.state is not DeliveryState.APPROVED:
        raise RuleBroken("delivery_is_not_open")
    return replace(delivery, state=DeliveryState.DOWNLOADED)
