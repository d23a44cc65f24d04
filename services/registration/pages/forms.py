"""The page of one form: shown, drawn anew while it is filled in, saved, finalised, reopened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.registration.domain.change_log import COMMENT
from services.registration.domain.errors import NotFound, RuleBroken
from services.registration.domain.form_state import FormState
from services.registration.pages.blueprint import pages
from services.registration.pages.conflicts import CONFLICT, has_chosen, save_chosen, show_conflict
from services.registration.pages.context import clock_time, means, registry, typed
from services.registration.pages.form_view import (
    addresses,
    comment_of,
    drawn,
    form_at,
    kept,
    mine_of,
    missing_count,
    person_of,
    read_fields,
    sent_page,
    show,
)
from services.registration.queries.next_form import next_form
from services.registration.queries.person_page import PersonPage
from services.registration.usecases.course_at import FormAt
from services.registration.usecases.course_forms import OpenForm
from services.registration.usecases.drafts import KeptDraft, Typed, keep_draft, open_draft
from services.registration.usecases.missing_contact import complete
from services.registration.usecases.save_form import Saved, keep_contact, open_form, reopen_form, save_form
from services.registration.usecases.two_editors import says_more
from shared.web.context import is_htmx
from shared.web.language import current_language, translate

UNPROCESSABLE = 422
_CHANGED = "form_changed_meanwhile"


@pages.get("/courses/<int:course_id>/forms/<form>")
def show_form(course_id: int, form: str) -> ResponseReturnValue:
    """The form as it stands, locked or open, or the user's draft of it; what patients answer is only read."""
    at = form_at(course_id, form, is_read=True)
    person = person_of(at)
    opened = open_form(at, kept())
    if not person.courses[0].forms[form].has_page:
        raise RuleBroken("form_is_closed")
    found = open_draft(at, kept())
    if found is not None and opened.state is not FormState.FINALISED:
        begun, mine = mine_of(opened, found.typed)
        if says_more(begun, mine):
            return _show_draft(at, person, begun, found)
        found = None
    problems = complete(opened) if "missing" in request.args else ()
    return show(at, person, opened, drawn(opened, problems=problems), note=_saved_note(at), found=found)


@pages.post("/courses/<int:course_id>/forms/<form>/draw")
def draw_form(course_id: int, form: str) -> ResponseReturnValue:
    """The questions again, as the answers so far make them, in a whole page without scripts; nothing is stored."""
    at = form_at(course_id, form)
    person, page = person_of(at), sent_page(at)
    begun, mine = mine_of(open_form(at, kept()), page)
    problems = begun.form.check(mine.draft.document, begun.context)
    shown = drawn(begun, mine.draft, problems)
    if not is_htmx():
        return show(at, person, begun, shown, base=page.base, draft=mine.draft)
    # What is wrong is told beside the questions alone: a list on top would move what one is looking at.
    more: dict[str, Any] = {"form_page": replace(shown, problems=()), "post_to": addresses(at)["draw_at"]}
    more["missing"] = missing_count(begun, mine.draft)
    return render_template("registration/form_body.html", **more)


@pages.post("/courses/<int:course_id>/forms/<form>")
def send_form(course_id: int, form: str) -> ResponseReturnValue:
    """Save, go on, finalise, or ask what is missing; what is not stored comes back as typed and is kept as a draft."""
    at = form_at(course_id, form)
    page, act = sent_page(at), typed("act")
    if act == "missing":
        return _again(at, page, is_complete=False)
    try:
        saved = save_chosen(at, page) if has_chosen() else _save(at, page, is_final=act == "finalise")
    except NotFound:
        raise
    except RuleBroken as broken:
        if broken.code != _CHANGED:
            return _refused(at, page, broken)
        saved = None
    if saved is None:
        return _differs(at, page)
    if saved.problems:
        return _stopped(at, page, saved), UNPROCESSABLE
    keep_contact(saved, means().persons)
    return redirect(_way_on(at, act), 303)


@pages.post("/courses/<int:course_id>/forms/<form>/reopen")
def send_reopen(course_id: int, form: str) -> ResponseReturnValue:
    """Open a locked form again."""
    at = form_at(course_id, form)
    try:
        reopen_form(at, reason=typed("reason"), kept=kept())
    except NotFound:
        raise
    except RuleBroken as broken:
        person, errors = person_of(at), {"reason": translate(f"error.{broken.code}", **broken.values_shown)}
        opened = open_form(at, kept())
        return show(at, person, opened, drawn(opened), errors=errors), UNPROCESSABLE
    return redirect(url_for("pages.show_form", course_id=course_id, form=form), 303)


def _save(at: FormAt, page: Typed, *, is_final: bool) -> Saved:
    return save_form(
        at,
        lambda opened: read_fields(opened, page),
        revision=page.revision,
        kept=kept(),
        is_final=is_final,
        comment=comment_of(page),
    )


def _way_on(at: FormAt, act: str) -> str:
    """Where the user goes after a save."""
    here = {"course_id": at.course_id, "form": at.form}
    if act == "finalise":
        return url_for("pages.show_course", course_id=at.course_id, finalised=at.form)
    if act != "next":
        return url_for("pages.show_form", **here, saved=1)  # type: ignore[arg-type]
    after = next_form(at.course_id, at.form, by=at.by, registry=registry(), database=means().database)
    if after is None:
        return url_for("pages.show_course", course_id=at.course_id)
    return url_for("pages.show_form", course_id=at.course_id, form=after, saved=at.form)


def _saved_note(at: FormAt) -> str:
    saved = request.args.get("saved", "")
    entry = registry().form(saved)
    if entry is not None and saved != at.form:
        return translate("registration.form.saved_other", form=entry.title(current_language()))
    return translate("registration.form.saved") if saved else ""


def _show_draft(at: FormAt, person: PersonPage, begun: OpenForm, found: KeptDraft) -> str:
    """What its writer typed and did not save, upon the state of the form that it was typed on."""
    draft = read_fields(begun, found.typed)
    written = comment_of(found.typed)
    return show(
        at,
        person,
        begun,
        drawn(begun, draft),
        base=found.typed.base,
        draft=draft,
        found=found,
        is_outdated=open_form(at, kept()).revision != begun.revision,
        status=translate("registration.form.draft_saved", time=clock_time(found.saved_at)),
        comment=begun.comment if written is None else written,
    )


def _again(at: FormAt, page: Typed, *, is_complete: bool) -> str:
    """The page as it was typed, with all that is missing, or with what cannot be read."""
    keep_draft(at, page, kept())
    person = person_of(at)
    begun, mine = mine_of(open_form(at, kept()), page)
    unread = {problem.path for problem in mine.draft.problems}
    missing = () if is_complete else complete(begun, mine.draft)
    problems = [problem for problem in missing if problem.path not in unread]
    return show(at, person, begun, drawn(begun, mine.draft, problems), base=page.base, draft=mine.draft)


def _differs(at: FormAt, page: Typed) -> ResponseReturnValue:
    """Somebody else has saved; what cannot be read is mended before the answers are compared."""
    _, mine = mine_of(open_form(at, kept()), page)
    if mine.draft.problems:
        return _again(at, page, is_complete=True), UNPROCESSABLE
    return show_conflict(at, page)


def _stopped(at: FormAt, page: Typed, saved: Saved) -> str:
    """What was typed with the problems beside it; it is on the newest state of the form."""
    wrong = [problem for problem in saved.problems if problem not in saved.draft.problems]
    if not saved.is_stored:
        keep_draft(at, page, kept())
    return show(at, person_of(at), saved.opened, drawn(saved.opened, saved.draft, wrong), draft=saved.draft)


def _refused(at: FormAt, page: Typed, broken: RuleBroken) -> ResponseReturnValue:
    """The whole form was refused; everything typed is still on the page, and in the draft."""
    keep_draft(at, page, kept())
    person = person_of(at)
    begun, mine = mine_of(open_form(at, kept()), page)
    shown = drawn(begun, mine.draft)
    sentence = translate(f"error.{broken.code}", **broken.values_shown)
    if broken.code.startswith("comment_"):
        errors = {COMMENT: sentence}
        return show(at, person, begun, shown, base=page.base, draft=mine.draft, errors=errors), UNPROCESSABLE
    return show(at, person, begun, shown, base=page.base, draft=mine.draft, alert_text=sentence), CONFLICT
