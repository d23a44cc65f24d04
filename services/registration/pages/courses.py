"""One course: what it is, and its forms with their states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.registration.domain.course import LocalReason
from services.registration.domain.registry import FormEntry
from services.registration.pages.blueprint import pages
from services.registration.pages.cells import cell_maker, remedies
from services.registration.pages.context import form_url, means, registry, typed, who
from services.registration.pages.form_view import course_at, kept
from services.registration.queries.course_lines import CourseLine, Icon
from services.registration.queries.flags import OpenFlag, open_flags, seen_flags_of
from services.registration.queries.person_page import person_page, pid_of_course
from services.registration.queries.placing import placing
from services.registration.usecases.consent_rules import contact_of
from services.registration.usecases.missing_answers import missing_answers
from shared.forms import catalogue
from shared.web.context import current_principal
from shared.web.language import current_language

_UNFINISHED = frozenset({Icon.NEW, Icon.IN_PROGRESS})


@pages.get("/courses/<int:course_id>")
def show_course(course_id: int) -> ResponseReturnValue:
    """The course of one person; after a form was finalised also the way to the next one."""
    return course_page(course_id)


def course_page(course_id: int, errors: Mapping[str, str] | None = None) -> str:
    """The page; `errors` are about the flags on it, by their fields."""
    by, known, uow = current_principal(), registry(), means().uow
    pid = pid_of_course(course_id, by=by, registry=known, uow=uow)
    page = person_page(pid, course_id=course_id, by=by, registry=known, persons=means().persons, uow=uow)
    finalised = known.form(request.args.get("finalised", ""))
    placed = placing(course_id, database=means().database)
    return render_template(
        "registration/course.html",
        page=page,
        course=page.courses[0],
        course_type=known.type_name(page.courses[0].course_type, current_language()),
        forms=known.forms,
        organisation=known.organisations.get(page.courses[0].organisation, ""),
        form_url=form_url,
        placed=placed,
        contact=contact_of(catalogue.registry(known.key).rules),
        was_withdrawn=request.args.get("withdrawn") == "1" and placed.reason == LocalReason.WITHDRAWN,
        finalised=finalised,
        next_form=_next_form(page.courses[0], known.forms, finalised) if finalised else None,
        cells=cell_maker(known.forms),
        remedies=remedies(known.forms, page.courses[0]),
        missing=_missing(page.courses[0], known.forms),
        flags=_flags(course_id),
        seen=seen_flags_of(course_id, by=by, registry=known, uow=uow),
        who=who,
        errors=errors or {},
        typed=typed,
    )


def _flags(course_id: int) -> Sequence[OpenFlag]:
    known, now = registry(), means().clock.now()
    return open_flags(by=current_principal(), registry=known, now=now, database=means().database, course_id=course_id)


def _missing(course: CourseLine, forms: Sequence[FormEntry]) -> dict[str, int]:
    """How many answers each form still lacks that clinicians have yet to finish, by the form's key."""
    unfinished = [form.key for form in forms if not form.is_patient and course.forms[form.key].icon in _UNFINISHED]
    if not unfinished:
        return {}
    return missing_answers(course_at(course.course_id), unfinished, kept())


def _next_form(course: CourseLine, forms: Sequence[FormEntry], after: FormEntry) -> FormEntry | None:
    """The form that clinicians have yet to finish, the first after another one if there is any."""
    here = forms.index(after)
    for form in [*forms[here + 1 :], *forms[:here]]:
        if not form.is_patient and course.forms[form.key].icon in _UNFINISHED:
            return form
    return None
