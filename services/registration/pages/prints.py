"""Forms on paper: one of a course with its answers, or an empty one of the registry."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.pages.blueprint import pages
from services.registration.pages.context import form_url, means, registry, typed
from services.registration.pages.form_view import course_at, form_at, kept, person_of, places
from services.registration.usecases.print_form import Printed, print_form
from shared.forms import catalogue
from shared.forms.page import Page
from shared.forms.page_maker import Showing
from shared.scheduling.clock import today
from shared.ui.letters.make_form import Heading, identity_keys, make_empty_form, make_filled_form
from shared.web.language import current_language, translate

UNPROCESSABLE = 422


@pages.get("/courses/<int:course_id>/print")
def show_print(course_id: int) -> ResponseReturnValue:
    """What can be printed of a course."""
    return _page(course_id, {})


@pages.post("/courses/<int:course_id>/print")
def send_print(course_id: int) -> ResponseReturnValue:
    """The chosen form with its answers, as PDF."""
    try:
        at = form_at(course_id, typed("form"), is_read=True)
    except NotFound:
        person_of(course_at(course_id))
        return _page(course_id, {"form": translate("error.form_unknown")}), UNPROCESSABLE
    line = person_of(at).courses[0].forms[at.form]
    try:
        printed = print_form(at, is_open=line.has_page, with_identity=typed("identity") == "1", kept=kept())
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(course_id, {"form": translate(f"error.{broken.code}", **broken.values_shown)}), UNPROCESSABLE
    content = make_filled_form(_drawn(printed), _heading(printed, course_id), current_language())
    return _pdf(content, f"{at.form}-{course_id}")


@pages.get("/forms/<form>/empty")
def show_empty_form(form: str) -> ResponseReturnValue:
    """A form to fill in by hand."""
    known = registry()
    if known.form(form) is None:
        raise NotFound
    language = current_language()
    heading = Heading(registry=known.names.get(language, known.names["nb"]), day=today(means().clock))
    return _pdf(make_empty_form(catalogue.registry(known.key).form(form), heading, language), form)


def _page(course_id: int, errors: Mapping[str, str]) -> str:
    known = registry()
    asked = request.values.get("form", "")
    page = person_of(course_at(course_id))
    course = page.courses[0]
    return render_template(
        "registration/print.html",
        page=page,
        course=course,
        forms=known.forms,
        form_url=form_url,
        printable=[form for form in known.forms if course.forms[form.key].has_page],
        chosen=asked if known.form(asked) else known.forms[0].key,
        with_identity=typed("identity") == "1",
        errors=errors,
        send_to=url_for("pages.send_print", course_id=course_id),
    )


def _drawn(printed: Printed) -> Page:
    opened = printed.opened
    person = {"phone": opened.facts.phone, "email": opened.facts.email} if opened.facts else {}
    showing = Showing(language=current_language(), person=person, places=places, is_read_only=True)
    return opened.form.page(opened.document, opened.context, showing)


def _heading(printed: Printed, course_id: int) -> Heading:
    known, language = registry(), current_language()
    facts = {"registration.person.pid": str(printed.pid), "registration.course.fid": str(course_id)}
    identity = {"registration.person.name": printed.name, "registration.person.number": printed.number}
    return Heading(
        registry=known.names.get(language, known.names["nb"]),
        day=today(means().clock),
        facts=[(translate(key), value) for key, value in facts.items()],
        identity=[(translate(key), value) for key, value in identity.items() if value],
        withheld=frozenset() if printed.name else identity_keys(printed.opened.form),
    )


def _pdf(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{registry().key}-{name}.pdf"'
    return answer
