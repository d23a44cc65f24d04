"""What release asks for and tells about extracts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.usecases.request_extract import drop_file, request_extract
from shared.contracts.event import Event, dump
from shared.contracts.release import Delivered, ExtractRequested
from shared.outbox.inbox import Handler
from shared.outbox.unit_of_work import UnitOfWork

_ASKED = ("registry", "variables", "from_on", "to_on", "organisations", "recipient_key")


def request(event: ExtractRequested, uow: UnitOfWork[Any]) -> None:
    """An approved project needs an extract."""
    body = dump(event)
    request_extract(
        event.extract_id,
        delivery_id=event.delivery_id,
        project_id=event.project_id,
        request={name: body[name] for name in _ASKED},
        uow=uow,
    )


def drop(event: Delivered, uow: UnitOfWork[Any]) -> None:
    """The recipient has the file; ours is needed no more."""
    drop_file(event.extract_id, uow=uow)


HANDLERS: Mapping[type[Event], Handler] = {ExtractRequested: request, Delivered: drop}
