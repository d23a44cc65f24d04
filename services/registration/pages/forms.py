"""The page of one form: shown, drawn anew while it is filled in, saved, finalised, reopened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.pages.blueprint import pages
from services.registration.pages.context import form_url, means, registry, typed
from services.registration.queries.person_page import PersonPage, person_page, pid_of_course
from services.registration.queries.places import LOCATION, WARD, places_of
from services.registration.queries.scope import seen_organisations
from services.registration.usecases.course_forms import OpenForm
from services.registration.usecases.save_form import (
    FormAt,
    Kept,
    Saved,
    keep_contact,
    open_form,
    reopen_form,
    save_form,
)
from shared.forms.draft import Draft
from shared.forms.page import Page
from shared.forms.page_maker import Showing
from shared.forms.problems import Problem
from shared.web.context import current_principal, is_htmx
from shared.web.language import current_language, translate

UNPROCESSABLE, CONFLICT = 422, 409
COMMENT = "_comment"


@pages.get("/courses/<int:course_id>/forms/<form>")
def show_form(course_id: int, form: str) -> ResponseReturnValue:
    """The form as it stands, locked or open; what patients answer is only read."""
    at = _at(course_id, form, is_read=True)
    page = _person_page(at)
    opened = open_form(at, _kept())
    if not page.courses[0].forms[form].has_page:
        raise RuleBroken("form_is_closed")
    is_saved = request.args.get("saved") == "1"
    return _show(at, page, opened, _drawn(opened), note=translate("registration.form.saved") if is_saved else "")


@pages.post("/courses/<int:course_id>/forms/<form>/draw")
def draw_form(course_id: int, form: str) -> ResponseReturnValue:
    """The questions again, as the answers so far make them, in a whole page without scripts; nothing is stored."""
    at = _at(course_id, form)
    person = _person_page(at)
    opened = open_form(at, _kept())
    draft = opened.form.read(request.form, opened.document)
    problems = opened.form.check(draft.document, opened.context)
    page = _drawn(opened, draft, problems)
    if not is_htmx():
        return _show(at, person, replace(opened, revision=_revision()), page)
    return render_template("registration/form_body.html", form_page=page, post_to=_draw_at(at))


@pages.post("/courses/<int:course_id>/forms/<form>")
def send_form(course_id: int, form: str) -> ResponseReturnValue:
    """Save, or finalise; what cannot be stored comes back as it was typed, with the reason beside it."""
    at = _at(course_id, form)
    is_final = typed("act") == "finalise"
    try:
        saved = save_form(
            at, _read_fields, revision=_revision(), kept=_kept(), is_final=is_final, comment=request.form.get(COMMENT)
        )
    except NotFound:
        raise
    except RuleBroken as broken:
        return _refused(at, broken)
    if saved.problems:
        return _again(at, saved), UNPROCESSABLE
    keep_contact(saved, means().persons)
    if is_final:
        return redirect(url_for("pages.show_course", course_id=course_id, finalised=form), 303)
    return redirect(url_for("pages.show_form", course_id=course_id, form=form, saved=1), 303)


@pages.post("/courses/<int:course_id>/forms/<form>/reopen")
def send_reopen(course_id: int, form: str) -> ResponseReturnValue:
    """Open a locked form again."""
    at = _at(course_id, form)
    try:
        reopen_form(at, reason=typed("reason"), kept=_kept())
    except NotFound:
        raise
    except RuleBroken as broken:
        page, errors = _person_page(at), {"reason": translate(f"error.{broken.code}", **broken.values_shown)}
        opened = open_form(at, _kept())
        return _show(at, page, opened, _drawn(opened), errors=errors), UNPROCESSABLE
    return redirect(url_for("pages.show_form", course_id=course_id, form=form), 303)


def _at(course_id: int, form: str, *, is_read: bool = False) -> FormAt:
    """Where the page is; only reading goes for the patients' forms too."""
    by, known = current_principal(), registry()
    entry = known.form(form)
    if entry is None or (entry.is_patient and not is_read):
        raise NotFound
    return FormAt(course_id=course_id, form=form, by=by, seen=seen_organisations(known, by))


def _revision() -> int:
    """The revision that the page was made from."""
    return int(typed("revision")) if typed("revision").isdecimal() else -1


def _person_page(at: FormAt) -> PersonPage:
    """Whose form it is; the access log is written before anything is shown."""
    known, uow = registry(), means().uow
    pid = pid_of_course(at.course_id, by=at.by, registry=known, uow=uow)
    return person_page(pid, course_id=at.course_id, by=at.by, registry=known, persons=means().persons, uow=uow)


def _kept() -> Kept:
    return Kept(persons=means().persons, uow=means().uow)


def _read_fields(opened: OpenForm) -> Draft:
    return opened.form.read(request.form, opened.document)


def _drawn(opened: OpenForm, draft: Draft | None = None, problems: Sequence[Problem] = ()) -> Page:
    showing = Showing(
        language=current_language(),
        draft=draft,
        problems=problems,
        person={"phone": opened.facts.phone, "email": opened.facts.email} if opened.facts else {},
        places=_places,
        is_read_only=opened.state is FormState.FINALISED,
    )
    return opened.form.page(draft.document if draft else opened.document, opened.context, showing)


def _places(source: str) -> list[tuple[int, str]]:
    kind = {"locations": LOCATION, "wards": WARD}[source]
    found = places_of(current_principal(), registry(), database=means().database)
    return [(place.place_id, place.name) for place in found if place.kind == kind]


def _again(at: FormAt, saved: Saved) -> str:
    wrong = [problem for problem in saved.problems if problem not in saved.draft.problems]
    return _show(at, _person_page(at), saved.opened, _drawn(saved.opened, saved.draft, wrong))


def _refused(at: FormAt, broken: RuleBroken) -> ResponseReturnValue:
    """The whole form was refused; everything typed is still on the page."""
    page, opened = _person_page(at), open_form(at, _kept())
    drawn = _drawn(opened, _read_fields(opened))
    sentence = translate(f"error.{broken.code}", **broken.values_shown)
    if broken.code.startswith("comment_"):
        return _show(at, page, opened, drawn, errors={COMMENT: sentence}), UNPROCESSABLE
    return _show(at, page, opened, drawn, alert_text=sentence), CONFLICT


def _draw_at(at: FormAt) -> str:
    return url_for("pages.draw_form", course_id=at.course_id, form=at.form)


def _show(at: FormAt, page: PersonPage, opened: OpenForm, drawn: Page, **more: Any) -> str:
    return render_template(
        "registration/form.html",
        **{"note": "", "alert_text": "", "errors": {}, **more},
        page=page,
        course=page.courses[0],
        forms=registry().forms,
        form_url=form_url,
        form_page=drawn,
        revision=opened.revision,
        comment=request.form.get(COMMENT, opened.comment),
        is_locked=opened.state is FormState.FINALISED,
        may_reopen=at.by.role in {"LC", "SC"} and any(f.key == at.form and not f.is_patient for f in registry().forms),
        send_to=url_for("pages.send_form", course_id=at.course_id, form=at.form),
        draw_at=_draw_at(at),
        reopen_at=url_for("pages.send_reopen", course_id=at.course_id, form=at.form),
    )
