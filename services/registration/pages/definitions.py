"""A course is moved to newer definitions: first what would change, then the button."""

from __future__ import annotations

from collections.abc import Iterator

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.pages.blueprint import pages
from services.registration.pages.context import form_url, registry
from services.registration.pages.form_view import course_at, kept, person_of
from services.registration.pages.told import Teller, Told
from services.registration.usecases.course_at import CourseAt
from services.registration.usecases.move_course import MovedForm, move_course, preview_move
from shared.forms import catalogue
from shared.forms.definition import say
from shared.web.language import current_language, translate

UNPROCESSABLE = 422


@pages.get("/courses/<int:course_id>/definitions")
def show_definitions(course_id: int) -> ResponseReturnValue:
    """What moving the course would change."""
    return _page(course_at(course_id))


@pages.post("/courses/<int:course_id>/definitions")
def send_definitions(course_id: int) -> ResponseReturnValue:
    """Move the course."""
    at = course_at(course_id)
    try:
        move_course(at, kept=kept())
    except NotFound:
        raise
    except RuleBroken:
        return _page(at), UNPROCESSABLE
    return redirect(url_for("pages.show_course", course_id=course_id), 303)


def _page(at: CourseAt) -> str:
    page, error = person_of(at), ""
    moves: list[MovedForm] = []
    try:
        moves = list(preview_move(at, kept()))
    except NotFound:
        raise
    except RuleBroken as broken:
        error = translate(f"error.{broken.code}")
    return render_template(
        "registration/definitions.html",
        page=page,
        course=page.courses[0],
        forms=registry().forms,
        form_url=form_url,
        titles={one.key: one.title(current_language()) for one in registry().forms},
        moves=moves,
        told=_told,
        silent=_silent,
        error=error,
    )


def _told(move: MovedForm) -> Iterator[Told]:
    """Each answer that does not stay: as it is said now, and as it will be said."""
    engine = catalogue.registry(registry().key)
    old, new = (Teller(form=engine.form(move.form, n), rows={}, place_name=str) for n in (move.first, move.second))
    for one in move.moved:
        rows, _, rest = one.path.partition(".")
        row, _, inner = rest.partition(".")
        place = f"{rows}.{inner}[{row}]" if inner else one.path
        was = old.tell(place, one.old, None)
        yield Told(label=was.label, old=was.old, new=new.tell(place, None, one.new).new)


def _silent(move: MovedForm) -> Iterator[str]:
    questions = catalogue.registry(registry().key).form(move.form, move.second).questions
    return (say(questions[key].label, current_language()) for key in move.silent if key in questions)
