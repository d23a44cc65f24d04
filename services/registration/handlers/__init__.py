"""What registration does when another service tells what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.registration.handlers import extracts, patient_forms
from services.registration.usecases.block_person import block_person, unblock_person
from shared.auth.revocation_feed import HANDLERS as SIGNED_OUT
from shared.contracts.event import Event
from shared.contracts.reservation import Registered, Withdrawn
from shared.outbox.inbox import Handler
from shared.outbox.unit_of_work import UnitOfWork


def block(event: Registered, uow: UnitOfWork[Any]) -> None:
    """A person has reserved: refuse the person from now on and erase what there is."""
    block_person(event.registry, event.person_hash, case_id=event.case_id, uow=uow)


def unblock(event: Withdrawn, uow: UnitOfWork[Any]) -> None:
    """A person has taken the reservation back."""
    unblock_person(event.registry, event.person_hash, uow=uow)


HANDLERS: Mapping[type[Event], Handler] = {
    Registered: block,
    Withdrawn: unblock,
    **patient_forms.HANDLERS,
    **extracts.HANDLERS,
    **SIGNED_OUT,
}
