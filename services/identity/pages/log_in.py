"""The log-in page: user name and password, or a passkey alone; and the way out."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import MustWait, RuleBroken
from services.identity.domain.sign_on import FRESH, Demand
from services.identity.pages.blueprint import pages
from services.identity.pages.context import begin_session, log_in, means, remember_device, visitor
from services.identity.pages.flow import Flow, begin_flow
from services.identity.pages.steps import current_flow, next_step, to_second_factor
from services.identity.pages.waiting import waiting
from services.identity.usecases.confirm_code import Confirmed
from services.identity.usecases.log_out import log_out
from services.identity.usecases.start_log_in import start_log_in
from shared.web.redirects import safe_return
from shared.web.sign_in import forget


@pages.get("/")
def front() -> ResponseReturnValue:
    """The front page leads to the projects, past the log-in."""
    return next_step(current_flow())


@pages.get("/log-in")
def show_log_in() -> ResponseReturnValue:
    """The form for user name and password; also where the kit sends visitors who must log in."""
    if "return_to" in request.args:
        return next_step(_wanted())
    return log_in_page()


@pages.post("/log-in")
def send_log_in() -> ResponseReturnValue:
    """Check user name and password, and go on to the second factor."""
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
        return wait_page(wait)
    except RuleBroken as broken:
        return log_in_page(broken.code), 422
    return to_second_factor(begun.attempt, Purpose.LOG_IN, flow)


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


def enter(confirmed: Confirmed) -> None:
    """Begin the session of somebody who has just logged in; a log-in that went on before is over."""
    own = log_in()
    if own is not None:
        log_out(own.sid, uow=means().uow)
    remember_device(confirmed.device)
    begin_session(confirmed.sid)


def log_in_page(error: str | None = None, **values: object) -> str:
    """The form for user name and password, with what is wrong."""
    return render_template("identity/log_in.html", flow=current_flow(), error=error, values=values)


def wait_page(wait: MustWait) -> ResponseReturnValue:
    """Say how long to wait before the next try, or that waiting does not help."""
    minutes, headers = waiting(wait)
    return log_in_page(wait.code, minutes=minutes), 429, headers


def _wanted() -> Flow:
    max_age = FRESH if request.args.get("step_up") == "1" else None
    demand = Demand(asked_at=means().clock.now(), max_age=max_age)
    return begin_flow(safe_return(request.args.get("return_to")), demand)
