"""Searching, the page of a person, and registering: a number is sent in a form, never in an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.person import PersonFacts
from services.registration.pages.blueprint import pages
from services.registration.pages.cells import cell_maker
from services.registration.pages.context import beside, means, registry, typed, typed_day
from services.registration.queries.person_page import PersonPage, person_page
from services.registration.queries.search import SearchKind, find_person
from services.registration.usecases.look_up_person import look_up_person
from services.registration.usecases.open_another_course import open_another_course
from services.registration.usecases.open_course import open_course
from services.registration.usecases.open_course_without_register import Stranger, open_course_without_register
from services.registration.usecases.ports import OutsideUnavailable
from shared.web.context import current_principal
from shared.web.language import translate

OTHER, NORWEGIAN = "other", "norwegian"
FIELDS = {"start_": "started_on", "name_": "name", "birth_": "birth_on"}
UNPROCESSABLE, UNAVAILABLE = 422, 503


@pages.get("/search")
def show_search() -> ResponseReturnValue:
    """Ask whom to look for."""
    return render_template("registration/search.html", errors={}, kind=SearchKind.NUMBER.value, text="")


@pages.post("/search")
def send_search() -> ResponseReturnValue:
    """Go to the person, or say that there is none."""
    kind, text = typed("kind"), typed("text")
    try:
        pid = _find(SearchKind(kind) if kind in set(SearchKind) else SearchKind.NUMBER, text)
    except NotFound:
        errors = {"text": translate("registration.search.nobody")}
        page = render_template("registration/search.html", errors=errors, kind=kind, text=text)
        return page, UNPROCESSABLE
    return redirect(url_for("pages.show_person", pid=pid), 303)


@pages.get("/persons/<int:pid>")
def show_person(pid: int) -> ResponseReturnValue:
    """The patient history: all courses that the user may see."""
    return _person(pid, {})


@pages.post("/persons/<int:pid>/courses")
def send_another_course(pid: int) -> ResponseReturnValue:
    """Open one more course."""
    _read(pid)
    try:
        course_id = open_another_course(pid, started_on=_start(), **_given())
    except NotFound:
        raise
    except RuleBroken as broken:
        return _person(pid, beside(broken, FIELDS, "started_on")), UNPROCESSABLE
    except OutsideUnavailable as away:
        return _person(pid, {}, alert=translate(f"error.{away.code}")), UNAVAILABLE
    return redirect(url_for("pages.show_course", course_id=course_id), 303)


@pages.get("/registrations/new")
def show_new_registration() -> ResponseReturnValue:
    """Ask for the number."""
    return _ask({})


@pages.post("/registrations/find")
def send_find() -> ResponseReturnValue:
    """Show who it is: the history of a known person, or a new patient to be confirmed."""
    given = _given()
    if typed("kind") == OTHER:
        return _confirm(None, {})
    try:
        return redirect(url_for("pages.show_person", pid=_find(SearchKind.NUMBER, typed("number"))), 303)
    except NotFound:
        pass
    try:
        return _confirm(look_up_person(typed("number"), **given), {})
    except RuleBroken as broken:
        return _ask(beside(broken, {}, "number")), UNPROCESSABLE
    except OutsideUnavailable as away:
        return _ask({}, alert=translate(f"error.{away.code}")), UNAVAILABLE


@pages.post("/registrations")
def send_registration() -> ResponseReturnValue:
    """Register the person and open the course."""
    given = _given()
    try:
        course_id = _register(given)
    except RuleBroken as broken:
        return _again(broken)
    except OutsideUnavailable as away:
        return _ask({}, alert=translate(f"error.{away.code}")), UNAVAILABLE
    return redirect(url_for("pages.show_course", course_id=course_id), 303)


def _register(given: Mapping[str, Any]) -> int:
    if typed("kind") != OTHER:
        return open_course(typed("number"), started_on=_start(), **given)
    born = typed_day("birth_on", missing="", wrong="birth_wrong") if typed("birth_on") else None
    stranger = Stranger(identifier=typed("number"), name=typed("name"), birth_on=born)
    return open_course_without_register(stranger, started_on=_start(), **given)


def _again(broken: RuleBroken) -> ResponseReturnValue:
    """The page again with what was typed; a fault of the number begins anew."""
    errors = beside(broken, FIELDS, "number")
    if "number" in errors:
        return _ask(errors), UNPROCESSABLE
    facts = None if typed("kind") == OTHER else look_up_person(typed("number"), **_given())
    return _confirm(facts, errors), UNPROCESSABLE


def _ask(errors: Mapping[str, str], alert: str = "") -> str:
    kind = OTHER if typed("kind") == OTHER else NORWEGIAN
    return render_template("registration/new.html", errors=errors, alert_text=alert, kind=kind, number=typed("number"))


def _confirm(facts: PersonFacts | None, errors: Mapping[str, str]) -> str:
    kind = OTHER if facts is None else NORWEGIAN
    return render_template(
        "registration/confirm.html", facts=facts, kind=kind, errors=errors, typed=request.form.to_dict()
    )


def _person(pid: int, errors: Mapping[str, str], alert: str = "") -> str:
    known = registry()
    return render_template(
        "registration/person.html",
        page=_read(pid),
        forms=known.forms,
        organisations=known.organisations,
        errors=errors,
        alert_text=alert,
        started_on=typed("started_on"),
        cells=cell_maker(known.forms),
    )


def _read(pid: int) -> PersonPage:
    by = current_principal()
    return person_page(pid, by=by, registry=registry(), persons=means().persons, uow=means().uow)


def _find(kind: SearchKind, text: str) -> int:
    by = current_principal()
    return find_person(kind, text, by=by, registry=registry(), persons=means().persons, uow=means().uow)


def _start() -> date:
    return typed_day("started_on", missing="start_missing", wrong="start_wrong")


def _given() -> dict[str, Any]:
    """What registering needs; a course belongs to an organisation, so there is nothing for who works in none."""
    by = current_principal()
    if by.organisation is None:
        raise NotFound
    return {"by": by, "desk": means().desk(by.registry), "uow": means().uow}
