"""What happens when another service tells what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.reservation.usecases.confirm import confirm
from shared.contracts import eprom, identity, registration, release
from shared.contracts.event import Event
from shared.outbox.inbox import Handler
from shared.outbox.unit_of_work import UnitOfWork


def keep_receipt(event: Any, uow: UnitOfWork[Any]) -> None:
    """A service has erased a person: keep its receipt."""
    confirm(event.case_id, event.producer, projects=getattr(event, "projects", ()), uow=uow)


HANDLERS: Mapping[type[Event], Handler] = {
    registration.PersonErased: keep_receipt,
    eprom.PersonErased: keep_receipt,
    release.PersonErased: keep_receipt,
    identity.PersonErased: keep_receipt,
}
