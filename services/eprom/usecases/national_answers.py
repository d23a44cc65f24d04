"""Answers as the national ePROM sends them, made into a document of the form that was ordered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from services.eprom.domain.deadlines import OSLO, oslo_date
from services.eprom.domain.misfit import Misfit, misfit
from services.eprom.store.store import Store
from services.eprom.store.tables import OrderRow
from services.eprom.usecases.patient_form import PatientForm
from shared.forms.catalogue import registry
from shared.forms.compiled import CompiledForm
from shared.forms.definition import Audience, Question, Type


def form_of_order(store: Store, row: OrderRow) -> CompiledForm:
    """The version of the course's definitions; the newest one while registration has not told them."""
    course, known = store.course(row.course_id), registry(row.registry_key)
    if course is None or course.definitions_on is None:
        return known.form(row.form)
    return known.form_on(row.form, course.definitions_on)


def national_document(
    form: CompiledForm, answers: Mapping[str, Any], handed_in_at: datetime
) -> tuple[dict[str, Any], list[Misfit]]:
    """The document, and what does not fit: answers to its questions, and fields that are none."""
    asked, day = _asked_of_patients(form), oslo_date(handed_in_at)
    given = {name: _value(asked[name], value) for name, value in answers.items() if name in asked}
    draft = form.read_values(given, form.new_for_patient())
    refused = {problem.path.split(".")[0] for problem in draft.problems}
    document = _without(draft.document, refused)
    wrong = {problem.path.split(".")[0] for problem in form.check(document, {"today": day})}
    document = _without(document, wrong)
    dated = PatientForm(form, document, day, "nb").submitted()
    others = [misfit(name) for name in sorted(answers.keys() - asked.keys())]
    return dated, [*(misfit(name, answers.get(name)) for name in sorted(refused | wrong)), *others]


def _asked_of_patients(form: CompiledForm) -> dict[str, Question]:
    sections = (s for s in form.definition.sections if s.audience is not Audience.CLINICIAN)
    return {question.key: question for section in sections for question in section.questions}


def _value(question: Question, value: Any) -> Any:
    """A date comes as the moment in UTC of its local midnight; everything else is read as a program's answer."""
    if question.type is not Type.DATE or not isinstance(value, str) or "T" not in value:
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    day: date = moment.astimezone(OSLO).date() if moment.tzinfo else moment.date()
    return day.isoformat()


def _without(document: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {**document, "answers": {key: value for key, value in document["answers"].items() if key not in names}}
