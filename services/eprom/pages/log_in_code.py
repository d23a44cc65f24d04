"""Log-in by a one-time code: for who holds the link, and the telephone that KRR knows."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services.eprom.domain.errors import NotFound, RuleBroken
from services.eprom.pages.blueprint import pages
from services.eprom.pages.context import CODE_TO, IS_PARENT, LINK, ONLY_ORDER, PID, SIGN, means
from services.eprom.usecases.log_in_code import HeldLink, check_code, send_code
from services.eprom.usecases.ports import OutsideUnavailable
from shared.auth.principal import Kind, Principal
from shared.forms.patient_rules import LogIn
from shared.web.sign_in import establish
from shared.web.throttle import throttled

UNPROCESSABLE, UNAVAILABLE = 422, 503
TRIES, WINDOW = 30, timedelta(minutes=10)


@pages.get("/code")
def show_code() -> ResponseReturnValue:
    """Ask for the code; whoever brings no link is told where the way in is."""
    order_id = session.get(LINK)
    return _page(order_id) if order_id else redirect(url_for("pages.front"), 303)


@pages.post("/code")
@throttled(limit=TRIES, window=WINDOW)
def enter_code() -> ResponseReturnValue:
    """Check what was typed, and begin the session of the form's person."""
    held = _linked()
    try:
        pid = check_code(held, request.form.get("code", ""), post=means().codes, uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(held.order_id, broken.code), UNPROCESSABLE
    except OutsideUnavailable:
        return _page(held.order_id, "parents_unavailable"), UNAVAILABLE
    values = {PID: pid, ONLY_ORDER: held.order_id, IS_PARENT: bool(held.sign)}
    establish(_principal(held.order_id), values=values)
    return redirect(url_for("pages.show_form", order_id=held.order_id), 303)


@pages.post("/code/again")
@throttled(limit=TRIES, window=WINDOW)
def send_code_again() -> ResponseReturnValue:
    """Send a new code; the one before is void."""
    return send_to(_linked())


def send_to(held: HeldLink) -> ResponseReturnValue:
    """Send a code and ask for it, or say why none was sent."""
    try:
        sent = send_code(held, post=means().codes, uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(held.order_id, broken.code), UNPROCESSABLE
    except OutsideUnavailable:
        return _page(held.order_id, "sms_unavailable"), UNAVAILABLE
    session[CODE_TO] = {"digits": sent.last_digits, "language": sent.language}
    return redirect(url_for("pages.show_code"), 303)


def _linked() -> HeldLink:
    """The link that this visitor has exchanged; raises NotFound."""
    order_id: str | None = session.get(LINK)
    if order_id is None:
        raise NotFound
    return HeldLink(order_id=order_id, sign=session.get(SIGN, ""))


def _principal(order_id: str) -> Principal:
    """A citizen of whom nothing is known but the form; the log of accesses names the form's order."""
    now = means().clock.now()
    language = session.get(CODE_TO, {}).get("language")
    return Principal(
        kind=Kind.CITIZEN,
        subject=f"code-{order_id}",
        authenticated_at=now,
        issued_at=now,
        acr=LogIn.SMS_CODE.value,
        amr=("otp", "sms"),
        language=language,
    )


def _page(order_id: str, error: str = "") -> str:
    sent_to = session.get(CODE_TO, {}).get("digits", "")
    return render_template("eprom/code.html", order_id=order_id, sent_to=sent_to, error=error)
