"""The log-in pages: user name and password, then the code."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import MustWait, RuleBroken
from services.identity.domain.sign_on import Demand
from services.identity.domain.tokens import token_hash
from services.identity.pages.blueprint import pages
from services.identity.pages.context import begin_session, follow, log_in, means, remember_device, visitor
from services.identity.pages.flow import Flow, begin_flow
from services.identity.pages.steps import current_flow, next_step
from services.identity.queries.own_log_in import code_receiver
from services.identity.usecases.begin_step_up import begin_step_up
from services.identity.usecases.confirm_code import confirm_log_in, confirm_step_up
from services.identity.usecases.log_out import log_out
from services.identity.usecases.one_time_code import Begun, send_again
from services.identity.usecases.start_log_in import start_log_in
from shared.web.redirects import safe_return
from shared.web.sign_in import forget

ATTEMPT = "attempt"
FRESH = timedelta(minutes=5)
# After these nothing is left to try; the log-in begins anew.
OVER = frozenset({"too_many_wrong_codes", "log_in_over", "account_locked"})


@pages.get("/")
def front() -> ResponseReturnValue:
    """The front page leads to the projects, past the log-in."""
    return next_step(current_flow())


@pages.get("/log-in")
def show_log_in() -> ResponseReturnValue:
    """The form for user name and password; also where the kit sends visitors who must log in."""
    if "return_to" in request.args:
        return next_step(_wanted())
    return _log_in_page()


@pages.post("/log-in")
def send_log_in() -> ResponseReturnValue:
    """Check user name and password, and send the code."""
    flow = current_flow()
    try:
        begun = start_log_in(
            request.form.get("user_name", ""),
            request.form.get("password", ""),
            visitor=visitor(),
            messages=means().messages,
            hasher=means().hasher,
            uow=means().uow,
        )
    except MustWait as wait:
        return _wait_page(wait)
    except RuleBroken as broken:
        return _log_in_page(broken.code), 422
    return _to_code_page(begun, Purpose.LOG_IN, flow.flow_id)


@pages.get("/log-in/code")
def show_code() -> ResponseReturnValue:
    """The form for the one-time code."""
    return _code_page()


@pages.post("/log-in/code")
def send_code() -> ResponseReturnValue:
    """Check the code, and go on."""
    flow, kept = current_flow(), session.get(ATTEMPT)
    if kept is None:
        return _log_in_page("log_in_over"), 422
    try:
        _confirm(kept["value"], Purpose(kept["purpose"]), request.form.get("code", ""))
    except RuleBroken as broken:
        return _refused_code(broken.code)
    session.pop(ATTEMPT, None)
    return next_step(flow)


@pages.post("/log-in/code/again")
def send_code_again() -> ResponseReturnValue:
    """Send a new code; the tries stay counted."""
    kept = session.get(ATTEMPT)
    if kept is None:
        return _log_in_page("log_in_over"), 422
    try:
        send_again(kept["value"], messages=means().messages, hasher=means().hasher, uow=means().uow)
    except RuleBroken as broken:
        return _refused_code(broken.code)
    return redirect(url_for("pages.show_code", flow=current_flow().flow_id, sent=1), 303)


@pages.get("/fresh-code")
def show_fresh_code() -> ResponseReturnValue:
    """Say that a fresh code is needed, and offer to send it; a visit alone sends nothing."""
    return render_template("identity/fresh_code.html", flow=current_flow(), error=None)


@pages.post("/fresh-code")
def send_fresh_code() -> ResponseReturnValue:
    """Send a code for a log-in that goes on."""
    flow, own = current_flow(), log_in()
    if own is None:
        return next_step(flow)
    try:
        begun = begin_step_up(own.sid, messages=means().messages, hasher=means().hasher, uow=means().uow)
    except RuleBroken as broken:
        return render_template("identity/fresh_code.html", flow=flow, error=broken.code), 422
    return _to_code_page(begun, Purpose.STEP_UP, flow.flow_id)


@pages.post("/log-out")
def send_log_out() -> ResponseReturnValue:
    """End the log-in here and in all services."""
    own = log_in()
    if own is not None:
        log_out(own.sid, uow=means().uow)
    forget()
    return redirect(url_for("pages.show_logged_out"), 303)


@pages.get("/logged-out")
def show_logged_out() -> ResponseReturnValue:
    """Say that the log-in is over."""
    return render_template("identity/logged_out.html")


def _wanted() -> Flow:
    max_age = FRESH if request.args.get("step_up") == "1" else None
    demand = Demand(asked_at=means().clock.now(), max_age=max_age)
    return begin_flow(safe_return(request.args.get("return_to")), demand)


def _confirm(attempt: str, purpose: Purpose, typed: str) -> None:
    own, kit = log_in(), means()
    if purpose is Purpose.STEP_UP:
        if own is None:
            raise RuleBroken("log_in_over")
        confirm_step_up(attempt, typed, sid=own.sid, messages=kit.messages, hasher=kit.hasher, uow=kit.uow)
        follow(own.sid)
        return
    confirmed = confirm_log_in(attempt, typed, visitor=visitor(), messages=kit.messages, hasher=kit.hasher, uow=kit.uow)
    if own is not None:
        log_out(own.sid, uow=means().uow)
    remember_device(confirmed.device)
    begin_session(confirmed.sid)


def _to_code_page(begun: Begun, purpose: Purpose, flow_id: str) -> ResponseReturnValue:
    session[ATTEMPT] = {"value": begun.attempt, "purpose": purpose.value}
    return redirect(url_for("pages.show_code", flow=flow_id), 303)


def _refused_code(code: str) -> ResponseReturnValue:
    if code not in OVER:
        return _code_page(code), 422
    kept = session.pop(ATTEMPT, {})
    if kept.get("purpose") == Purpose.STEP_UP:
        return render_template("identity/fresh_code.html", flow=current_flow(), error=code), 422
    return _log_in_page(code), 422


def _log_in_page(error: str | None = None, **values: object) -> str:
    return render_template("identity/log_in.html", flow=current_flow(), error=error, values=values)


def _code_page(error: str | None = None) -> str:
    kept = session.get(ATTEMPT)
    receiver = (
        code_receiver(token_hash(kept["value"]), seals=means().seals, database=means().database) if kept else None
    )
    if receiver is None:
        return _log_in_page("log_in_over")
    is_sent_again = request.args.get("sent") == "1"
    return render_template(
        "identity/code.html", flow=current_flow(), mobile=receiver, error=error, is_sent_again=is_sent_again
    )


def _wait_page(wait: MustWait) -> ResponseReturnValue:
    seconds = max(1, ceil((wait.until - means().clock.now()).total_seconds()))
    page = _log_in_page("too_many_tries", minutes=ceil(seconds / 60))
    return page, 429, {"Retry-After": str(seconds)}
