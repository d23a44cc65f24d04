"""A person has reserved."""

from __future__ import annotations

from typing import Any

from services.identity.usecases.confirm_nothing_held import confirm_nothing_held
from shared.contracts.reservation import Registered
from shared.outbox.unit_of_work import UnitOfWork


def send_receipt(event: Registered, uow: UnitOfWork[Any]) -> None:
    """Answer for identity, so that the case can close."""
    confirm_nothing_held(event.case_id, uow=uow)
