"""What is known of the patient forms of a course, between its rows and the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.registration.domain.course import LegalBasis
from services.registration.domain.form_state import FormState, shown_state
from services.registration.domain.patient_form import SYSTEM, PatientFormState, Told
from services.registration.domain.patient_orders import PatientForm, PatientForms
from services.registration.store.tables import CourseRow, FormRow, PatientFormRow
from shared.forms.catalogue import registry
from shared.forms.registry import Registry
from shared.forms.registry_rules import Order, Trigger
from shared.scheduling.clock import oslo


def told_by(row: PatientFormRow) -> Told:
    """A row as the rules read it."""
    return Told(
        order_id=row.order_id,
        state=PatientFormState(row.state),
        channel=row.channel,
        reason=row.reason,
        code=row.code,
    )


def keep_told(row: PatientFormRow, told: Told, now: datetime) -> None:
    """Put the newest into a row; its days are those on which it was heard of."""
    today = oslo(now).date()
    if row.order_id != told.order_id:
        row.noted_on, row.sent_on = today, None
    if told.state is PatientFormState.SENT and row.sent_on is None:
        row.sent_on = today
    row.order_id, row.state, row.changed_at = told.order_id, told.state, now
    row.channel, row.reason, row.code = told.channel, told.reason, told.code


def read_patient_forms(session: Session, course: CourseRow) -> PatientForms:
    """The patient forms of a course as they stand, in the registry's order."""
    known = registry(course.registry_key)
    written = {row.form: row for row in session.scalars(_of(FormRow, course))}
    told = {row.form: told_by(row) for row in session.scalars(_of(PatientFormRow, course))}
    opened = next((kind.forms for kind in known.rules.course_types if kind.number == course.course_type), ())
    forms = []
    for key, digit in zip(known.form_keys, course.form_status, strict=True):
        if key in known.rules.forms["patient"]:
            waits_days, counts_from = _waiting(key, known, written)
            form = PatientForm(
                key=key,
                state=shown_state(FormState(int(digit)), is_open=key in opened),
                is_unanswered=key in written and written[key].finalised_by == SYSTEM,
                lacks_wording=known.form(key).lacks_wording,
                told=told.get(key),
                waits_days=waits_days,
                counts_from=counts_from,
            )
            forms.append(form)
    is_dead = course.died_on is not None
    may_be_asked = course.basis == LegalBasis.RESERVATION or course.has_consented is True
    return PatientForms(forms=forms, may_be_asked=may_be_asked, is_dead=is_dead)


def _of(kind: Any, course: CourseRow) -> Any:
    return select(kind).where(kind.course_id == course.course_id)


def _waiting(key: str, known: Registry, written: Mapping[str, FormRow]) -> tuple[int, date | None]:
    """How many days after what the registry's schedule sends a form by itself."""
    orders = known.rules.messages.orders if known.rules.messages else ()
    order = next((order for order in orders if order.form == key and order.days_after), None)
    return (order.days_after, _counts_from(order, known, written)) if order else (0, None)


def _counts_from(order: Order, known: Registry, written: Mapping[str, FormRow]) -> date | None:
    ended = known.rules.course.get("ended_on")
    of, question = order.of, order.from_question
    if order.on is Trigger.COURSE_ENDED and ended is not None:
        of, question = ended.form, ended.question
    row = written.get(of or "")
    if row is None or row.state != FormState.FINALISED or row.finalised_at is None:
        return None
    day = row.document.get("values", {}).get(question) if question else None
    return date.fromisoformat(day) if day else oslo(row.finalised_at).date()
