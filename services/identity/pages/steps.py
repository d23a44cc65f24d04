"""The way through a log-in: which page comes next."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from services.identity.domain.codes import Purpose
from services.identity.domain.sign_on import Demand, Need, need
from services.identity.pages.context import log_in, means
from services.identity.pages.flow import Flow, begin_flow, find_flow

ATTEMPT = "attempt"
PAGE_OF = {
    Need.LOG_IN: "pages.show_log_in",
    Need.STEP_UP: "pages.show_fresh_code",
    Need.NEW_PASSWORD: "pages.show_password",
    Need.CHOICE: "pages.show_overview",
}


def current_flow() -> Flow:
    """The flow named by the page, or a new one to the project overview."""
    return find_flow(request.values.get("flow")) or begin_flow(
        _path("pages.show_overview"), Demand(asked_at=means().clock.now())
    )


def next_step(flow: Flow) -> Response:
    """Send the browser to the next page of a flow."""
    own = log_in()
    step = need(own.sign_on if own is not None else None, flow.demand, means().clock.now())
    if step is Need.NOTHING:
        # A client's request finds in its flow when it first came; other pages need to know nothing of it.
        more = f"&flow={flow.flow_id}" if flow.to.startswith(f"{_path('pages.authorize')}?") else ""
        return redirect(f"{request.script_root}{flow.to}{more}", 303)
    return redirect(url_for(PAGE_OF[step], flow=flow.flow_id), 303)


def to_second_factor(attempt: str, purpose: Purpose, flow: Flow) -> Response:
    """Remember an attempt that waits for its second factor, and send the browser to the page that asks for it."""
    session[ATTEMPT] = {"value": attempt, "purpose": purpose.value}
    return redirect(url_for("pages.show_code", flow=flow.flow_id), 303)


def _path(endpoint: str) -> str:
    return url_for(endpoint).removeprefix(request.script_root)
