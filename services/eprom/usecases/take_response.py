"""Helsenorge shows a form of ours and hands in what was answered there; from then on it is as from our pages."""

from __future__ import annotations

from collections.abc import Sequence

from services.eprom.domain.deadlines import oslo_date
from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.domain.helsenorge import HELSENORGE, filled_out_by, task_named
from services.eprom.domain.order import OrderState, is_open
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import OrderRow
from services.eprom.usecases.hand_in import hand_in
from services.eprom.usecases.national_answers import form_of_order
from services.eprom.usecases.patient_form import PatientForm
from shared.audit.log import Access
from shared.forms.compiled import CompiledForm
from shared.forms.errors import UnknownForm
from shared.forms.fhir import Fault, Reason, read_response
from shared.outbox.unit_of_work import UnitOfWork

ANSWERED, OVER = "form_is_answered", "form_is_over"
_NO_TASK = Fault(("QuestionnaireResponse.basedOn",), Reason.REQUIRED)
_NOTHING = Fault(("QuestionnaireResponse.item",), Reason.REQUIRED)


def take_response(response: object, *, uow: UnitOfWork[Store]) -> Sequence[Fault]:
    """What is wrong with a response; nothing once it is taken.

    Raises NotFound for a task that Helsenorge never got, RuleBroken with ANSWERED or OVER for a form that is closed.
    """
    task_id = task_named(response)
    if task_id is None:
        return [_NO_TASK]
    with uow() as store:
        row, form = _asked_by(task_id, store)
        today = oslo_date(store.now)
        read = read_response(form, response, today)
        answered = PatientForm(form, read.document, today, "nb") if read.document else None
        if answered is None or not answered.is_begun:
            return read.faults or [_NOTHING]
        document, by = answered.submitted(), filled_out_by(response)
        hand_in(store, row, document, definition_version=form.version, at=store.now, filled_out_by=by)
    return []


def form_of_task(task_id: str, *, uow: UnitOfWork[Store]) -> CompiledForm:
    """The form of an order that is open; raises as `take_response` does."""
    with uow() as store:
        row, form = _asked_by(task_id, store)
        store.log_access(
            Access.by_system(
                f"service:{HELSENORGE}",
                organisation=row.organisation,
                registry=row.registry_key,
                pid=row.pid,
                action="read",
                object=f"form:{row.form}",
                reason="show_form",
            )
        )
        return form


def _asked_by(task_id: str, store: Store) -> tuple[OrderRow, CompiledForm]:
    """The open order of a task, and the form in the version that its course has."""
    row = store.order_by_message(task_id, HELSENORGE)
    if row.state in {OrderState.ANSWERED, OrderState.STORED}:
        raise RuleBroken(ANSWERED)
    if not is_open(order_of(row), store.now):
        raise RuleBroken(OVER)
    try:
        return row, form_of_order(store, row)
    except UnknownForm:
        raise NotFound from None
