"""The history of answers, of one form or of all forms of a course."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from services.registration.pages.blueprint import pages
from services.registration.pages.context import day_and_time, form_url, means, page_number, registry, rule_words, who
from services.registration.pages.told import Teller, Told
from services.registration.queries.history import History, Line, history
from services.registration.queries.person_page import person_page
from services.registration.queries.places import name_of_place
from shared.forms import catalogue
from shared.web.context import current_principal
from shared.web.language import current_language


@pages.get("/courses/<int:course_id>/history")
def show_history(course_id: int) -> ResponseReturnValue:
    """All changes of a course."""
    return _page(course_id, None)


@pages.get("/courses/<int:course_id>/forms/<form>/history")
def show_form_history(course_id: int, form: str) -> ResponseReturnValue:
    """The changes of one form."""
    return _page(course_id, form)


def _page(course_id: int, form: str | None) -> str:
    by, known, uow = current_principal(), registry(), means().uow
    found = history(course_id, form, by=by, registry=known, number=page_number(), uow=uow)
    page = person_page(found.pid, course_id=course_id, by=by, registry=known, persons=means().persons, uow=uow)
    endpoint: dict[str, Any] = {"endpoint": "pages.show_form_history", "form": form} if form else {}
    address = {"endpoint": "pages.show_history", "course_id": course_id, **endpoint}
    return render_template(
        "registration/history.html",
        page=page,
        course=page.courses[0],
        forms=known.forms,
        form_url=form_url,
        form=known.form(form) if form else None,
        history=found,
        titles={one.key: one.title(current_language()) for one in known.forms},
        tell=_telling(found),
        rule_words=rule_words,
        who=who,
        moment=day_and_time,
        href=lambda wanted: url_for(**address, page=wanted),
    )


def _telling(found: History) -> Callable[[Line], Told]:
    engine, name = catalogue.registry(registry().key), cache(_place_name)

    @cache
    def teller(form: str, version: int) -> Teller:
        rows: Mapping[str, Any] = {key: ids for (of, key), ids in found.rows.items() if of == form}
        return Teller(form=engine.form(form, version), rows=rows, place_name=name)

    return lambda line: teller(line.form, line.version).tell(line.place, line.old, line.new)


def _place_name(place_id: int) -> str:
    return name_of_place(place_id, database=means().database)
