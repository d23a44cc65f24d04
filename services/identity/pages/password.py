"""Replace the password ("Bytt passord")."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import FormRefused, MustWait
from services.identity.pages.blueprint import pages
from services.identity.pages.context import begin_session, log_in, means
from services.identity.pages.steps import current_flow, next_step
from services.identity.pages.waiting import waiting
from services.identity.usecases.change_password import change_password


@pages.get("/password")
def show_password() -> ResponseReturnValue:
    """The form for a new password; after the first log-in there is no way around it."""
    if log_in() is None:
        return next_step(current_flow())
    return _page({})


@pages.post("/password")
def send_password() -> ResponseReturnValue:
    """Replace the password."""
    own, flow = log_in(), current_flow()
    if own is None:
        return next_step(flow)
    try:
        change_password(
            own.user_id,
            request.form.get("old_password", ""),
            typed_twice(),
            sid=own.sid,
            messages=means().messages,
            hasher=means().hasher,
            strength=means().strength,
            uow=means().uow,
        )
    except FormRefused as refused:
        return _page(refused.errors), 422
    except MustWait as wait:
        minutes, headers = waiting(wait)
        return _page({"old_password": wait.code}, minutes=minutes), 429, headers
    begin_session(own.sid)
    if own.sign_on.must_replace_password:
        return next_step(flow)
    return redirect(url_for("pages.show_my_page", done="password"), 303)


def typed_twice() -> str:
    """The new password of the form; raises FormRefused unless both fields hold the same."""
    new = request.form.get("new_password", "")
    if new != request.form.get("new_password_again", ""):
        raise FormRefused({"new_password_again": "passwords_differ"})
    return new


def _page(errors: dict[str, str], **values: object) -> str:
    own = log_in()
    is_first = own is not None and own.sign_on.must_replace_password
    return render_template(
        "identity/password.html", flow=current_flow(), errors=errors, values=values, is_first=is_first
    )
