"""A patient answers, saved as one goes, and submits once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.eprom.domain.errors import RuleBroken
from services.eprom.domain.order import answered, stored
from services.eprom.store.store import Store, is_open, order_of
from services.eprom.store.tables import AnswerRow
from shared.contracts.eprom import FormAnswered, PersonErased
from shared.outbox.unit_of_work import UnitOfWork


def save_answers(
    order_id: str, document: Mapping[str, Any], *, definition_version: int, uow: UnitOfWork[Store]
) -> None:
    """Keep what is answered so far, so that the patient may go on later."""
    with uow() as store:
        if not is_open(store.order(order_id)):
            raise RuleBroken("form_is_not_open")
        row = store.answer(order_id)
        if row is None:
            row = AnswerRow(order_id=order_id)
            store.session.add(row)
        row.document, row.definition_version, row.saved_at = dict(document), definition_version, store.now


def submit_answers(order_id: str, *, uow: UnitOfWork[Store]) -> None:
    """Lock the answers and tell registration to fetch them; a second submission is refused."""
    with uow() as store:
        row, answers = store.order(order_id), store.answer(order_id)
        if answers is None:
            raise RuleBroken("nothing_answered")
        store.change(row, answered(order_of(row)))
        row.link_hash = None
        store.emit(
            FormAnswered(
                order_id=order_id,
                course_id=row.course_id,
                pid=row.pid,
                form=row.form,
                definition_version=answers.definition_version,
                answered_at=store.now,
            )
        )


def forget_answers(order_id: str, *, uow: UnitOfWork[Store]) -> None:
    """Erase eprom's copy, now that registration holds the answers."""
    with uow() as store:
        row = store.order(order_id)
        store.change(row, stored(order_of(row)))
        store.erase_answer(order_id)


def erase_person(case_id: str, pid: int | None, *, uow: UnitOfWork[Store]) -> None:
    """Forget everything about a person and say so."""
    with uow() as store:
        if pid is not None:
            store.erase_person(pid)
        store.emit(PersonErased(case_id=case_id))
