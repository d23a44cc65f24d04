"""The patient forms of one course: how far they are, and ordering, stopping and closing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.patient_orders import PatientForm, PatientForms, check_order
from services.registration.domain.registry import FormEntry
from services.registration.pages.blueprint import pages
from services.registration.pages.cells import Cell, cell_maker, remedies
from services.registration.pages.context import beside, form_url, means, registry, typed
from services.registration.pages.form_view import course_at, form_at, person_of
from services.registration.queries.patient_forms import patient_forms_of
from services.registration.usecases.close_all_patient_forms import close_all_patient_forms
from services.registration.usecases.order_patient_form import offered_channels, order_patient_form
from services.registration.usecases.stop_patient_forms import stop_patient_forms
from shared.forms import catalogue
from shared.forms.registry_rules import MessageSchedule
from shared.scheduling.clock import today
from shared.web.language import current_language, translate

UNPROCESSABLE = 422
ORDERED, STOPPED, CLOSED = "ordered", "stopped", "closed"
_FIELDS = {"choose_channel": "channel", "patient_form_comes_later": "confirmed"}


class Line(NamedTuple):
    """One patient form: its sign, whether it can be ordered now, and the sentence why not."""

    form: FormEntry
    cell: Cell
    may_order: bool
    why_not: str


@pages.get("/courses/<int:course_id>/patient-forms")
def show_forms_of_patient(course_id: int) -> ResponseReturnValue:
    """The patient forms of a course, and what can be done about them."""
    return _overview(course_id)


@pages.post("/courses/<int:course_id>/patient-forms/stop")
def send_stop(course_id: int) -> ResponseReturnValue:
    """Stop the sending."""
    try:
        stop_patient_forms(course_at(course_id), reason=_code("stop_reason"), uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return _overview(course_id, beside(broken, {}, "stop_reason")), UNPROCESSABLE
    return _done(course_id, STOPPED)


@pages.post("/courses/<int:course_id>/patient-forms/close")
def send_close_all(course_id: int) -> ResponseReturnValue:
    """Close all with one reason."""
    try:
        close_all_patient_forms(course_at(course_id), reason=_code("close_reason"), uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return _overview(course_id, beside(broken, {}, "close_reason")), UNPROCESSABLE
    return _done(course_id, CLOSED)


@pages.get("/courses/<int:course_id>/patient-forms/<form>/order")
def show_order(course_id: int, form: str) -> ResponseReturnValue:
    """How a form is to be sent; and whether it is meant, when its time has not come."""
    return _order(course_id, form)


@pages.post("/courses/<int:course_id>/patient-forms/<form>/order")
def send_order(course_id: int, form: str) -> ResponseReturnValue:
    """Have a form sent now."""
    at, is_confirmed = form_at(course_id, form, is_read=True), typed("confirmed") == "1"
    try:
        order_patient_form(at, channel=typed("channel"), is_confirmed=is_confirmed, uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return _order(course_id, form, beside(broken, _FIELDS, "order")), UNPROCESSABLE
    return _done(course_id, ORDERED)


def _done(course_id: int, what: str) -> ResponseReturnValue:
    return redirect(url_for("pages.show_forms_of_patient", course_id=course_id, done=what), 303)


def _code(name: str) -> int | None:
    text = typed(name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None  # noqa: PLR2004 - codes are short


def _overview(course_id: int, errors: Mapping[str, str] | None = None) -> str:
    framed = _framed(course_id)
    standing = patient_forms_of(course_id, database=means().database)
    done, schedule = request.args.get("done", ""), _schedule()
    return render_template(
        "registration/patient_forms.html",
        **framed,
        lines=_lines(framed["course"], standing),
        remedies=remedies(framed["forms"], framed["course"]),
        may_stop=any(not form.is_stopped for form in standing.open_forms),
        may_close=bool(standing.open_forms) and not any(form.is_begun for form in standing.forms),
        stop_reasons=_reasons(schedule.stop_reasons),
        close_reasons=_reasons(schedule.close_all_reasons),
        done=done if done in {ORDERED, STOPPED, CLOSED} else "",
        errors=errors or {},
        typed=typed,
    )


def _order(course_id: int, key: str, errors: Mapping[str, str] | None = None) -> str:
    framed, form = _framed(course_id), registry().form(key)
    one = patient_forms_of(course_id, database=means().database).form(key)
    if form is None:
        raise NotFound
    return render_template(
        "registration/order_patient_form.html",
        **framed,
        form=form,
        channels=[
            {"value": channel, "name": translate(f"registration.order.{channel}")}
            for channel in offered_channels(_schedule())
        ],
        is_early=one.is_early(today(means().clock)),
        due_on=one.due_on,
        errors=errors or {},
        typed=typed,
    )


def _framed(course_id: int) -> dict[str, Any]:
    """Whose forms they are, and the way through the course; the access log is written first."""
    page = person_of(course_at(course_id))
    return {"page": page, "course": page.courses[0], "forms": registry().forms, "form_url": form_url}


def _lines(course: Any, standing: PatientForms) -> list[Line]:
    forms = [form for form in registry().forms if form.is_patient]
    cells = cell_maker(forms)(course)
    return [_line(form, cell, standing) for form, cell in zip(forms, cells, strict=True)]


def _line(form: FormEntry, cell: Cell, standing: PatientForms) -> Line:
    why_not = _why_not(standing, standing.form(form.key))
    return Line(form, cell, not why_not, why_not)


def _why_not(standing: PatientForms, form: PatientForm) -> str:
    try:
        check_order(standing, form)
    except RuleBroken as broken:
        return translate(f"error.{broken.code}", **broken.values_shown)
    return ""


def _schedule() -> MessageSchedule:
    found = catalogue.registry(registry().key).rules.messages
    if found is None:
        raise NotFound
    return found


def _reasons(codes: Sequence[int | str]) -> list[dict[str, str]]:
    """The reasons as the forms themselves name them."""
    names = {code: form.reason(code, current_language()) for form in registry().forms for code in form.reasons}
    return [{"value": str(code), "name": names[code]} for code in codes if isinstance(code, int) and names.get(code)]
