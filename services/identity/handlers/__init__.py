"""What identity does when another service tells what happened."""

from __future__ import annotations

from collections.abc import Mapping

from services.identity.handlers.registered import send_receipt
from shared.contracts.event import Event
from shared.contracts.reservation import Registered
from shared.outbox.inbox import Handler

HANDLERS: Mapping[type[Event], Handler] = {
    Registered: send_receipt,
}
