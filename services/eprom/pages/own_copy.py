"""A patient's own copy of the answers: made when it is asked for, in the session that answered, and kept nowhere."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, redirect, session, url_for
from flask.typing import ResponseReturnValue

from services.eprom.domain.representation import FilledOutBy
from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import ANSWERED_HERE, filled_out_by, means, own_form_or_404
from services.eprom.pages.form import closed
from services.eprom.pages.steps import form_of
from services.eprom.queries.own_forms import OwnForm
from shared.forms.catalogue import registry
from shared.forms.definition import say
from shared.scheduling.clock import today
from shared.ui.letters.make_form import Heading, make_filled_form
from shared.web.language import current_language
from shared.web.throttle import throttled

COPIES, WINDOW = 20, timedelta(minutes=10)


@pages.get("/form/<order_id>/copy")
@throttled(limit=COPIES, window=WINDOW)
def fetch_copy(order_id: str) -> ResponseReturnValue:
    """The answers so far as PDF; its name tells nothing of what is in it."""
    own = own_form_or_404(order_id, reason="own_copy")
    if not own.is_open:
        return closed(own)
    if not may_have_copy(own):
        return redirect(url_for("pages.show_summary", order_id=order_id), 303)
    language = current_language()
    asks = own.asked_by or say(registry(own.registry).rules.names, language)
    heading = Heading(registry=asks, day=today(means().clock))
    answer = Response(make_filled_form(form_of(own).page(), heading, language), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = "attachment; filename=kopi.pdf"
    return answer


def may_have_copy(own: OwnForm) -> bool:
    """Whether the registry gives copies and the patient gave the answers in this session; a parent takes none."""
    is_ours = session.get(ANSWERED_HERE) == own.order_id and filled_out_by() is FilledOutBy.PATIENT
    return is_ours and own.document is not None and registry(own.registry).rules.patients.own_copy
