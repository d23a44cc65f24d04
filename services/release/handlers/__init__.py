"""What release does when another service tells what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.release.usecases.deliver import erase_person, take_extract
from shared.contracts.event import Event
from shared.contracts.registration import ExtractReady, PersonErased
from shared.outbox.inbox import Handler
from shared.outbox.unit_of_work import UnitOfWork


def erase(event: PersonErased, uow: UnitOfWork[Any]) -> None:
    """A person was erased in registration: no file that is not out may hold the person."""
    erase_person(event.case_id, event.extracts, uow=uow)


def take(event: ExtractReady, uow: UnitOfWork[Any]) -> None:
    """An extract is made."""
    take_extract(event.extract_id, smallest_cell=event.smallest_cell, sha256=event.sha256, uow=uow)


HANDLERS: Mapping[type[Event], Handler] = {PersonErased: erase, ExtractReady: take}
