"""Log-in through HelseID or ID-porten: there and back, and the first time the link with the own account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.domain.sign_on import Demand
from services.identity.domain.upstream import Proven, Upstream
from services.identity.pages.blueprint import pages
from services.identity.pages.context import begin_session, log_in, means, remember_device, visitor
from services.identity.pages.flow import PROVEN, begin_flow, find_flow
from services.identity.pages.steps import current_flow, next_step
from services.identity.queries.upstream_link import linked_since
from services.identity.usecases.link_upstream import link_upstream, unlink_upstream
from services.identity.usecases.log_in_upstream import log_in_upstream
from services.identity.usecases.log_out import log_out
from shared.auth.errors import ProviderUnavailable, SignInFailed
from shared.auth.oidc_client import Claims, OidcClient
from shared.web.throttle import throttled

DONE = frozenset({"upstream_added", "upstream_removed"})


@pages.app_context_processor
def offer() -> dict[str, Any]:
    """What the log-in page needs to know: the providers that are switched on, and where somebody has just been."""
    proven = _proven()
    return {"upstreams": list(_clients()), "proven_at": proven.upstream if proven else None}


@pages.post("/log-in/upstream")
@throttled(limit=600, window=timedelta(hours=1))
def send_upstream_log_in() -> ResponseReturnValue:
    """Send the browser to a provider; whoever has logged in there before does so again."""
    client = _clients().get(request.form.get("upstream", ""))  # type: ignore[call-overload]
    if client is None:
        raise NotFound
    try:
        return redirect(client.begin(current_flow().flow_id, max_age=0), 303)
    except (ProviderUnavailable, SignInFailed):
        return _refused("upstream_away"), 503


@pages.get("/callback")
def callback() -> ResponseReturnValue:
    """Take the provider's answer: log in whoever is linked, and ask everybody else to log in here once."""
    try:
        upstream, claims = _answer()
        subject = means().seals.upstream_hash(claims.issuer, str(claims.body.get("sub")))
        confirmed = log_in_upstream(subject, visitor=visitor(), messages=means().messages, uow=means().uow)
    except ProviderUnavailable:
        return _refused("upstream_away"), 503
    except SignInFailed:
        return _refused("upstream_failed"), 400
    except RuleBroken as broken:
        return _refused(broken.code), 403
    if confirmed is None:
        return _ask_for_link(upstream, subject, claims.return_to)
    own = log_in()
    if own is not None:
        log_out(own.sid, uow=means().uow)
    remember_device(confirmed.device)
    begin_session(confirmed.sid)
    return next_step(find_flow(claims.return_to) or current_flow())


@pages.get("/my-page/upstream")
def show_upstream() -> ResponseReturnValue:
    """The link of the own account, or what can be linked now."""
    return _page() if log_in() is not None else next_step(current_flow())


@pages.post("/my-page/upstream/link")
def send_link_of_upstream() -> ResponseReturnValue:
    """Link the own account with what was proven a moment ago, and go where the log-in was to lead."""
    own, to = log_in(), session.get(PROVEN, {}).get("flow")
    if own is None:
        return next_step(current_flow())
    try:
        link_upstream(own.sid, _proven(), messages=means().messages, uow=means().uow)
    except RuleBroken as broken:
        return _page(broken.code), 422
    session.pop(PROVEN, None)
    flow = find_flow(to)
    return next_step(flow) if flow is not None else redirect(url_for("pages.show_upstream", done="upstream_added"), 303)


@pages.post("/my-page/upstream/remove")
def send_upstream_removal() -> ResponseReturnValue:
    """Forget the link of the own account."""
    own = log_in()
    if own is None:
        return next_step(current_flow())
    try:
        unlink_upstream(own.sid, messages=means().messages, uow=means().uow)
    except RuleBroken as broken:
        return _page(broken.code), 422
    return redirect(url_for("pages.show_upstream", done="upstream_removed"), 303)


def _answer() -> tuple[Upstream, Claims]:
    for upstream, client in _clients().items():
        if client.knows(request.args.get("state")):
            return upstream, client.complete(request.args)
    raise SignInFailed("unknown_state")


def _ask_for_link(upstream: Upstream, subject_hash: str, flow_id: str) -> ResponseReturnValue:
    now = means().clock.now()
    to = url_for("pages.show_upstream").removeprefix(request.script_root)
    # Whoever is logged in here already gives a fresh second factor, everybody else logs in.
    way = begin_flow(to, Demand(asked_at=now, max_age=timedelta(0)))
    kept = {"upstream": upstream.value, "subject": subject_hash, "at": now.isoformat()}
    session[PROVEN] = {**kept, "flow": flow_id, "way": way.flow_id}
    return next_step(way)


def _proven() -> Proven | None:
    kept = session.get(PROVEN)
    if not kept:
        return None
    at = datetime.fromisoformat(kept["at"])
    found = Proven(upstream=Upstream(kept["upstream"]), subject_hash=kept["subject"], at=at)
    return found if found.is_good(means().clock.now()) else None


def _page(error: str | None = None) -> str:
    own, done = log_in(), request.args.get("done")
    if own is None:
        raise NotFound
    return render_template(
        "identity/upstream.html",
        name=own.name,
        proven=_proven(),
        since=linked_since(own.user_id, database=means().database),
        error=error,
        done=done if done in DONE else None,
    )


def _refused(code: str) -> str:
    return render_template("identity/log_in.html", flow=current_flow(), error=code, values={})


def _clients() -> dict[Upstream, OidcClient]:
    clients: dict[Upstream, OidcClient] = current_app.extensions["identity_upstreams"]
    return clients
