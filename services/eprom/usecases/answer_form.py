"""A patient answers, saved as one goes, and submits once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.eprom.domain.errors import RuleBroken
from services.eprom.domain.order import is_open, stored
from services.eprom.domain.representation import FilledOutBy
from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import AnswerRow
from services.eprom.usecases.hand_in import hand_in
from services.eprom.usecases.place_order import stop_rows
from shared.contracts.eprom import PersonErased
from shared.outbox.unit_of_work import UnitOfWork

Change = Callable[[Mapping[str, Any] | None], Mapping[str, Any]]


def _unchanged(document: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return document or {}


def save_answers(
    order_id: str, change: Change, *, definition_version: int, uow: UnitOfWork[Store], passed: str = ""
) -> None:
    """Keep what is answered so far; `change` gets what is kept now, so that a second window loses nothing.

    `passed` is the question the patient goes on from; it counts as skipped while it has no answer.
    """
    with uow() as store:
        if not is_open(order_of(store.order(order_id)), store.now):
            raise RuleBroken("form_is_not_open")
        row = store.answer(order_id)
        document = change(row.document if row else None)
        if row is None:
            row = AnswerRow(order_id=order_id)
            store.session.add(row)
        row.document, row.definition_version, row.saved_at = dict(document), definition_version, store.now
        row.skipped = _skipped(row, passed)


def _skipped(row: AnswerRow, passed: str) -> list[str]:
    """The paths gone past so far that have no answer."""
    paths = {*(row.skipped or ()), *([passed] if passed else ())}
    return sorted(paths - row.document["answers"].keys())


def submit_answers(
    order_id: str,
    *,
    uow: UnitOfWork[Store],
    finish: Change = _unchanged,
    filled_out_by: FilledOutBy = FilledOutBy.PATIENT,
) -> None:
    """Lock the answers, after a last change, and tell registration to fetch them; a second submission is refused."""
    with uow() as store:
        row, kept = store.order(order_id), store.answer(order_id)
        if kept is None:
            raise RuleBroken("nothing_answered")
        version, document = kept.definition_version, finish(kept.document)
        hand_in(store, row, document, definition_version=version, at=store.now, filled_out_by=filled_out_by)


def decline_form(order_id: str, *, schedules: Mapping[str, Schedule], uow: UnitOfWork[Store]) -> None:
    """The patient does not want to answer: nothing is kept, and no reminder is sent."""
    with uow() as store:
        row = store.order(order_id)
        if not is_open(order_of(row), store.now):
            raise RuleBroken("form_is_not_open")
        stop_rows(store, [row], schedules[row.registry_key].not_answered_reason)


def forget_answers(order_id: str, *, uow: UnitOfWork[Store]) -> None:
    """Erase eprom's copy, now that registration holds the answers."""
    with uow() as store:
        row = store.order(order_id)
        store.change(row, stored(order_of(row)))
        store.erase_answer(order_id)


def erase_person(case_id: str, pid: int | None, registry: str, *, uow: UnitOfWork[Store]) -> None:
    """Forget everything about a person in a registry and say so; the person may be in another one too."""
    with uow() as store:
        if pid is not None:
            store.erase_person(pid, registry)
        store.emit(PersonErased(case_id=case_id))
