"""The link in a message: it says that a form waits; a person's press exchanges it for a session."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services.eprom.domain.errors import NotFound
from services.eprom.domain.representation import split_token
from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import LINK, SIGN, means, own_form_or_404
from services.eprom.pages.log_in_code import send_to
from services.eprom.queries.own_forms import Linked, order_behind
from services.eprom.usecases.log_in_code import HeldLink, may_use_code
from shared.forms.patient_rules import LogIn
from shared.web.sign_in import forget
from shared.web.throttle import throttled

TRIES, WINDOW = 60, timedelta(minutes=10)


@pages.get("/s/<token>")
@throttled(limit=TRIES, window=WINDOW)
def open_link(token: str) -> ResponseReturnValue:
    """Show the ways to log in. A scanner that follows the link uses nothing up."""
    found = order_behind(split_token(token)[0], database=means().database)
    if found is None:
        return _gone()
    return render_template("eprom/link.html", token=token, with_code=may_use_code(found.registry))


@pages.post("/s")
@throttled(limit=TRIES, window=WINDOW)
def use_link() -> ResponseReturnValue:
    """Exchange the link for a session, and go on to the log-in that was chosen."""
    token, sign = split_token(request.form.get("token", ""))
    found = order_behind(token, database=means().database)
    if found is None:
        return _gone()
    if not _is_logged_in(found):
        forget()
        session[LINK], session[SIGN] = found.order_id, sign
        if request.form.get("way") == LogIn.SMS_CODE and may_use_code(found.registry):
            return send_to(HeldLink(order_id=found.order_id, sign=sign))
    return redirect(url_for("pages.show_form", order_id=found.order_id), 303)


def _is_logged_in(found: Linked) -> bool:
    try:
        own_form_or_404(found.order_id)
    except NotFound:
        return False
    return True


def _gone() -> ResponseReturnValue:
    """A link that was never made and one that is closed look the same from outside."""
    return render_template("eprom/closed.html", standing="gone"), 404
