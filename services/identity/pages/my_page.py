"""The own page ("Min side"): the own account, its log-ins, and the ways to password and further access."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.pages.blueprint import pages
from services.identity.pages.context import chosen_role, log_in, means
from services.identity.pages.steps import current_flow, next_step
from services.identity.queries.own_log_in import own_account
from services.identity.queries.own_sessions import own_sessions
from services.identity.usecases.end_sessions import end_other_sessions, end_own_session, end_own_sessions
from shared.web.context import current_principal
from shared.web.sign_in import forget


@pages.get("/my-page")
def show_my_page() -> ResponseReturnValue:
    """The own account."""
    own = log_in()
    if own is None:
        return next_step(current_flow())
    account = own_account(own.user_id, seals=means().seals, database=means().database, clock=means().clock)
    return render_template(
        "identity/my_page.html",
        account=account,
        role=chosen_role(own),
        registry_names=means().registry_names,
        done=request.args.get("done", ""),
    )


@pages.get("/my-page/log-ins")
def show_own_sessions() -> ResponseReturnValue:
    """The log-ins of the own account."""
    own = log_in()
    if own is None:
        return next_step(current_flow())
    found = own_sessions(own.user_id, own.sid, database=means().database, clock=means().clock)
    return render_template(
        "identity/own_sessions.html",
        live=[line for line in found if line.is_live],
        over=[line for line in found if not line.is_live],
        done=request.args.get("done", ""),
    )


@pages.post("/my-page/log-ins/end")
def send_end_own_session() -> ResponseReturnValue:
    """End one log-in of the own account."""
    own = log_in()
    if own is None:
        return next_step(current_flow())
    end_own_session(own.user_id, request.form.get("handle", ""), by=current_principal(), uow=means().uow)
    return redirect(url_for("pages.show_own_sessions", done="one"), 303)


@pages.post("/my-page/log-ins/end-others")
def send_end_other_sessions() -> ResponseReturnValue:
    """End all log-ins of the own account but this one."""
    own = log_in()
    if own is None:
        return next_step(current_flow())
    end_other_sessions(own.user_id, own.sid, by=current_principal(), uow=means().uow)
    return redirect(url_for("pages.show_own_sessions", done="others"), 303)


@pages.post("/my-page/end-sessions")
def send_end_own_sessions() -> ResponseReturnValue:
    """End all log-ins of the own account, this one included."""
    own = log_in()
    if own is not None:
        end_own_sessions(own.user_id, by=current_principal(), uow=means().uow)
    forget()
    return redirect(url_for("pages.show_logged_out"), 303)
