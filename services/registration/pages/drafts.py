"""Drafts at the screen: kept while somebody types, thrown away, and stored for those whose log-in has ended."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from services.registration.domain.errors import NotFound
from services.registration.pages.blueprint import pages
from services.registration.pages.context import clock_time, means
from services.registration.pages.form_view import form_at, kept, mine_of, missing_count, sent_page
from services.registration.pages.ticket import Ticket, sent_ticket
from services.registration.usecases.drafts import keep_draft, throw_away
from services.registration.usecases.save_form import open_form
from shared.web import errors
from shared.web.app import sign_in_url
from shared.web.context import current_principal
from shared.web.guard import is_signed_out
from shared.web.language import translate
from shared.web.problems import LogInNeeded

_AUTOSAVE = "pages.send_draft"
_BY_TICKET = frozenset({_AUTOSAVE, "pages.send_form"})


@pages.post("/courses/<int:course_id>/forms/<form>/draft")
def send_draft(course_id: int, form: str) -> ResponseReturnValue:
    """Keep what is typed so far; the answer is what the bar of the page shows of it."""
    at = form_at(course_id, form)
    page = sent_page(at)
    saved_at = keep_draft(at, page, kept())
    begun, mine = mine_of(open_form(at, kept()), page)
    status = translate("registration.form.draft_saved", time=clock_time(saved_at))
    return _status(status, missing_count(begun, mine.draft), None)


@pages.post("/courses/<int:course_id>/forms/<form>/draft/discard")
def send_discard(course_id: int, form: str) -> ResponseReturnValue:
    """Throw the draft away and show what is stored."""
    throw_away(form_at(course_id, form), kept())
    return redirect(url_for("pages.show_form", course_id=course_id, form=form), 303)


@pages.errorhandler(LogInNeeded)
@pages.errorhandler(CSRFError)
def keep_by_ticket(error: HTTPException) -> ResponseReturnValue:
    """The session is over or another one: a ticket that still holds stores the draft, and leads to the log-in."""
    if request.endpoint not in _BY_TICKET:
        return errors.answer(error)
    course_id, form = request.view_args["course_id"], request.view_args["form"]  # type: ignore[index]
    ticket = sent_ticket(course_id, form)
    if ticket is None or not _is_good(ticket):
        return errors.answer(error)
    try:
        at = form_at(course_id, form, by=ticket.by)
        saved_at = keep_draft(at, sent_page(at), kept())
    except NotFound:
        return errors.answer(error)
    place = url_for("pages.show_form", course_id=course_id, form=form)
    is_writer = current_principal().actor == ticket.by.actor
    log_in_url = None if is_writer else sign_in_url(place.removeprefix(request.script_root))
    if request.endpoint != _AUTOSAVE:
        return redirect(log_in_url or place, 303)
    status = translate("registration.form.draft_saved", time=clock_time(saved_at))
    return _status(status, None, log_in_url)


def _is_good(ticket: Ticket) -> bool:
    return means().clock.now() < ticket.expires_at and not is_signed_out(ticket.by)


def _status(status: str, missing: int | None, log_in_url: str | None) -> str:
    shown = {"status": status, "missing": missing, "log_in_url": log_in_url}
    return render_template("registration/form_status.html", **shown)
