"""One course: what it is, and its forms with their states."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from services.registration.domain.registry import FormEntry
from services.registration.pages.blueprint import pages
from services.registration.pages.cells import cell_maker
from services.registration.pages.context import form_url, means, registry
from services.registration.queries.course_lines import CourseLine, Icon
from services.registration.queries.person_page import person_page, pid_of_course
from shared.web.context import current_principal


@pages.get("/courses/<int:course_id>")
def show_course(course_id: int) -> ResponseReturnValue:
    """The course of one person; after a form was finalised also the way to the next one."""
    by, known, uow = current_principal(), registry(), means().uow
    pid = pid_of_course(course_id, by=by, registry=known, uow=uow)
    page = person_page(pid, course_id=course_id, by=by, registry=known, persons=means().persons, uow=uow)
    finalised = known.form(request.args.get("finalised", ""))
    return render_template(
        "registration/course.html",
        page=page,
        course=page.courses[0],
        forms=known.forms,
        organisation=known.organisations.get(page.courses[0].organisation, ""),
        form_url=form_url,
        finalised=finalised,
        next_form=_next_form(page.courses[0], known.forms, finalised) if finalised else None,
        cells=cell_maker(known.forms),
    )


def _next_form(course: CourseLine, forms: Sequence[FormEntry], after: FormEntry) -> FormEntry | None:
    """The form that clinicians have yet to finish, the first after another one if there is any."""
    here = forms.index(after)
    for form in [*forms[here + 1 :], *forms[:here]]:
        if not form.is_patient and course.forms[form.key].icon in {Icon.NEW, Icon.IN_PROGRESS}:
            return form
    return None
