"""`national list|made|not-made`: orders at the national ePROM of which nobody knows whether they were taken."""

from __future__ import annotations

from argparse import Namespace

from deploy.registryctl.desk import CannotDo, Desk
from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.settings import Settings
from services.eprom.usecases.settle_national import note_made, note_not_made, unknown_orders


def list_unknown(desk: Desk, given: Namespace) -> int:
    """List our orders that may have been taken there; look them up in the status panel."""
    _ = given
    _check(desk)
    for order_id, since in unknown_orders(uow=desk.worker.uow):
        print(f"{order_id}  since {since:%Y-%m-%d %H:%M} UTC")
    return 0


def made(desk: Desk, given: Namespace) -> int:
    """Say that an order is there, under which id."""
    _check(desk)
    desk.note(f"national order {given.order}", {"act": "found there"})
    try:
        note_made(given.order, given.id, uow=desk.worker.uow)
    except NotFound:
        raise CannotDo(f"The outcome of {given.order} is not unknown.") from None
    except RuleBroken as broken:
        raise CannotDo(broken.code) from None
    print("What they tell of it counts from now on.")
    return 0


def not_made(desk: Desk, given: Namespace) -> int:
    """Say that an order is not there; it is placed anew."""
    _check(desk)
    desk.note(f"national order {given.order}", {"act": "not found there"})
    try:
        note_not_made(given.order, uow=desk.worker.uow)
    except NotFound:
        raise CannotDo(f"The outcome of {given.order} is not unknown.") from None
    print("It is placed anew.")
    return 0


def _check(desk: Desk) -> None:
    if not isinstance(desk.settings, Settings):
        raise CannotDo("Forms are ordered by eprom.")
