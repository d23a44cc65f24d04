"""What release does when another service tells what happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.release.usecases.call_back import erase_person, recall_extracts
from services.release.usecases.deliver import Facts, take_extract, take_failure
from shared.auth.revocation_feed import HANDLERS as SIGNED_OUT
from shared.contracts.event import Event
from shared.contracts.registration import ExtractFailed, ExtractReady, ExtractsRecalled, PersonErased
from shared.outbox.inbox import Handler
from shared.outbox.unit_of_work import UnitOfWork


def erase(event: PersonErased, uow: UnitOfWork[Any]) -> None:
    """A person was erased in registration: no file that is not out may hold the person."""
    erase_person(event.case_id, event.extracts, uow=uow)


def recall(event: ExtractsRecalled, uow: UnitOfWork[Any]) -> None:
    """A consent was withdrawn: no file that is not out may hold the course."""
    recall_extracts(event.extracts, uow=uow)


def take(event: ExtractReady, uow: UnitOfWork[Any]) -> None:
    """An extract is made."""
    facts = Facts(persons=event.persons, rows=event.rows, smallest_cell=event.smallest_cell, sha256=event.sha256)
    take_extract(event.extract_id, facts, uow=uow)


def fail(event: ExtractFailed, uow: UnitOfWork[Any]) -> None:
    """No extract could be made."""
    take_failure(event.extract_id, event.code, uow=uow)


HANDLERS: Mapping[type[Event], Handler] = {
    PersonErased: erase,
    ExtractsRecalled: recall,
    ExtractReady: take,
    ExtractFailed: fail,
    **SIGNED_OUT,
}
