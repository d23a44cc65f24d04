"""The front page, the work list, and the same list of the patients' forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services.registration.domain.form_state import FormState
from services.registration.domain.registry import FormEntry
from services.registration.pages.blueprint import pages
from services.registration.pages.cells import legend, link_maker, sign_maker
from services.registration.pages.context import means, read_day, registry
from services.registration.queries.course_lines import Figure
from services.registration.queries.flags import OpenFlag, open_flags
from services.registration.queries.places import LOCATION, WARD, places_of
from services.registration.queries.work_list import Order, Wanted, WorkPage, work_list
from shared.forms import catalogue
from shared.web.context import current_principal
from shared.web.language import current_language, translate
from shared.web.pagination import read_cursor, write_cursor

ROWS = 50
CONSENTS = ("yes", "no", "open")
FILTERS = ("organisation", "started_from", "started_to", "consent", "location", "ward", "form", "state")


@pages.get("/")
def front() -> ResponseReturnValue:
    """The work list for who is logged in, the way in for all others."""
    if current_principal().is_signed_in:
        return redirect(url_for("pages.show_work_list"))
    return render_template("registration/front.html")


@pages.get("/work-list")
def show_work_list() -> ResponseReturnValue:
    """Active courses with the clinicians' forms."""
    return _page(is_patient=False)


@pages.get("/patient-forms")
def show_patient_forms() -> ResponseReturnValue:
    """Active courses with the patients' forms."""
    return _page(is_patient=True)


def _page(*, is_patient: bool) -> str:
    known, by = registry(), current_principal()
    page = _read()
    forms = [form for form in known.forms if form.is_patient == is_patient]
    return render_template(
        "registration/work_list.html",
        page=page,
        forms=forms,
        is_patient=is_patient,
        organisation=known.organisations.get(by.organisation or 0),
        choices=_choices(forms),
        chosen={name: request.args.get(name, "") for name in (*FILTERS, "order")},
        is_filtered=any(request.args.get(name) for name in FILTERS),
        next_url=_next_url(page),
        order_url=lambda order: _url(order=order),
        signs=sign_maker(forms),
        once=cache,
        legend=legend(),
        flags=[] if is_patient else _flags(),
        has_flags=bool(catalogue.registry(known.key).rules.flags),
        course_url=link_maker("pages.show_course", "course_id"),
        manage_url=link_maker("pages.show_forms_of_patient", "course_id"),
        person_url=link_maker("pages.show_person", "pid"),
        figures={figure: translate(f"registration.figure.{figure}") for figure in Figure},
    )


def _flags() -> Sequence[OpenFlag]:
    return open_flags(by=current_principal(), registry=registry(), now=means().clock.now(), database=means().database)


def _choices(forms: Sequence[FormEntry]) -> dict[str, list[dict[str, str]]]:
    """The options of the filters; only who sees all organisations chooses among them."""
    known, by = registry(), current_principal()
    places = places_of(by, known, database=means().database)
    organisations = known.organisations if by.organisation is None else {}
    return {
        "organisation": [{"value": str(resh), "name": name} for resh, name in organisations.items()],
        "location": [{"value": str(p.place_id), "name": p.name} for p in places if p.kind == LOCATION],
        "ward": [{"value": str(p.place_id), "name": p.name} for p in places if p.kind == WARD],
        "form": [{"value": form.key, "name": form.title(current_language())} for form in forms],
    }


def _read() -> WorkPage:
    return work_list(
        _wanted(),
        by=current_principal(),
        registry=registry(),
        after=read_cursor(request.args.get("cursor"), int, int),
        limit=ROWS,
        persons=means().persons,
        uow=means().uow,
    )


def _wanted() -> Wanted:
    known, form = registry(), request.args.get("form", "")
    consent = request.args.get("consent", "")
    if (form and known.form(form) is None) or consent not in {"", *CONSENTS}:
        raise BadRequest
    try:
        state = request.args.get("state", "")
        return Wanted(
            order=Order(request.args.get("order") or Order.NEWEST),
            organisation=_number("organisation"),
            started_from=_day("started_from"),
            started_to=_day("started_to"),
            consent=consent,
            location_id=_number("location"),
            ward_id=_number("ward"),
            form=form,
            state=FormState(int(state)) if state else None,
        )
    except ValueError as error:
        raise BadRequest from error


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 10:  # noqa: PLR2004 - the digits of 2^31
        raise BadRequest
    return int(text)


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    day = read_day(text) if text else None
    if text and day is None:
        raise BadRequest
    return day


def _next_url(page: WorkPage) -> str | None:
    return None if page.next_key is None else _url(cursor=write_cursor(page.next_key))


def _url(**changes: str) -> str:
    """This list with another order or from another row on; a new order begins at the first row."""
    kept = {name: value for name, value in request.args.items() if value and name != "cursor"}
    return f"?{urlencode({**kept, **changes})}"
