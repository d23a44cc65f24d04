"""The provider's two pages for browsers: where clients send their users to log in, and to log out."""

from __future__ import annotations

from typing import Any, Protocol
from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.clients import Client
from services.identity.domain.errors import RuleBroken
from services.identity.domain.sign_on import Demand, Need, need
from services.identity.domain.tokens import check_fields, read_max_age, read_prompts
from services.identity.pages.blueprint import pages
from services.identity.pages.context import log_in, means
from services.identity.pages.flow import Flow, begin_flow, end_flow, find_flow
from services.identity.pages.steps import next_step
from services.identity.usecases.log_out import log_out
from services.identity.usecases.read_hint import read_hint
from shared.web.sign_in import forget

# What a client may not have without the user doing something (prompt=none).
CANNOT = {Need.LOG_IN: "login_required", Need.STEP_UP: "login_required"}
OWN_FIELD = "flow"
# What the protocol knows and this provider says it does not take (OpenID Connect Core, 6 and 7.2.1).
NOT_TAKEN = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


class AuthorizationServer(Protocol):
    """What these pages need of the protocol library."""

    def get_consent_grant(self, *, end_user: Any) -> Any:
        """Check the request; raises OAuth2Error."""

    def create_authorization_response(self, *, grant_user: Any, grant: Any) -> Response:
        """Give out a code."""


@pages.get("/authorize")
def authorize() -> ResponseReturnValue:
    """Answer a client's request for a log-in: a code if the log-in is good enough, else the next page to it."""
    fields = {name: values for name, values in request.args.to_dict(flat=False).items() if name != OWN_FIELD}
    own = log_in()
    try:
        check_fields(fields)
        grant = _server().get_consent_grant(end_user=own)
    except RuleBroken:
        return _error_page("invalid_request")
    except OAuth2Error as error:
        return _refuse(error)
    unfit = _unfit(fields)
    if unfit is not None:
        return _refuse(OAuth2Error(error=unfit, redirect_uri=grant.redirect_uri))
    flow = find_flow(request.args.get(OWN_FIELD))
    if flow is None or flow.to != _here(fields):
        flow = _new_flow(fields)
        if flow is None:
            return _refuse(InvalidRequestError("Unknown prompt or max_age.", redirect_uri=grant.redirect_uri))
    return _answer(grant, flow)


@pages.route("/end-session", methods=["GET", "POST"])
def end_session() -> ResponseReturnValue:
    """Log out for a client (RP-initiated log-out): at once with the client's proof, else after the user has agreed."""
    client, is_sure = _leaving_client()
    own = log_in()
    if own is not None and not is_sure and request.method != "POST":  # HEAD is a GET too
        return render_template("identity/log_out.html", fields=request.args.to_dict())
    if own is not None:
        log_out(own.sid, uow=means().uow)
    forget()
    target = request.values.get("post_logout_redirect_uri", "")
    if client is not None and target in client.after_logout_uris:
        state = request.values.get("state")
        return redirect(f"{target}?{urlencode({'state': state})}" if state else target, 303)
    return redirect(url_for("pages.show_logged_out"), 303)


def _answer(grant: Any, flow: Flow) -> ResponseReturnValue:
    own = log_in()
    step = need(own.sign_on if own is not None else None, flow.demand, means().clock.now())
    if own is not None and step is Need.NOTHING:
        end_flow(flow)
        if not _is_meant(own.user_id):
            return _refuse(OAuth2Error(error="login_required", redirect_uri=grant.redirect_uri))
        return _with_issuer(_server().create_authorization_response(grant_user=own.sid, grant=grant))
    if "none" in flow.demand.prompts:
        end_flow(flow)
        error = OAuth2Error(error=CANNOT.get(step, "interaction_required"), redirect_uri=grant.redirect_uri)
        return _refuse(error)
    return next_step(flow)


def _unfit(fields: dict[str, list[str]]) -> str | None:
    refused = next((error for name, error in NOT_TAKEN.items() if name in fields), None)
    if refused is None and fields.get("response_mode", ["query"]) != ["query"]:
        return "invalid_request"
    return refused


def _is_meant(user_id: int) -> bool:
    """Whether the client's hint, if it gives one, speaks of this user."""
    text = request.args.get("id_token_hint")
    if not text:
        return True
    hint = read_hint(text, issuer=means().issuer, keys=_keys())
    return hint is not None and hint.user_id == str(user_id)


def _new_flow(fields: dict[str, list[str]]) -> Flow | None:
    one = {name: values[0] for name, values in fields.items()}
    try:
        demand = Demand(
            asked_at=means().clock.now(),
            max_age=read_max_age(one.get("max_age")),
            prompts=read_prompts(one.get("prompt")),
        )
    except RuleBroken:
        return None
    return begin_flow(_here(fields), demand)


def _here(fields: dict[str, list[str]]) -> str:
    """This very request as a path, so that a flow is good for no other."""
    path = url_for("pages.authorize").removeprefix(request.script_root)
    return f"{path}?{urlencode({name: values[0] for name, values in fields.items()})}"


def _refuse(error: OAuth2Error) -> ResponseReturnValue:
    """Tell the client by redirect; where its address is not known to be its own, tell the user only."""
    if not error.redirect_uri:
        return _error_page(str(error.error))
    error.state = request.args.get("state")
    _, _, headers = error()
    return _with_issuer(Response("", 302, headers))


def _with_issuer(response: Response) -> Response:
    """Say who answers (RFC 9207), so that a client is not fooled into sending our code elsewhere."""
    location = response.headers["Location"]
    joint = "&" if "?" in location else "?"
    response.headers["Location"] = f"{location}{joint}{urlencode({'iss': means().issuer})}"
    return response


def _error_page(code: str) -> ResponseReturnValue:
    return render_template("identity/client_error.html", code=code), 400


def _leaving_client() -> tuple[Client | None, bool]:
    hint = read_hint(request.values.get("id_token_hint", ""), issuer=means().issuer, keys=_keys())
    own = log_in()
    client_id = request.values.get("client_id") or (hint.client_id if hint else None)
    client = _clients().get(client_id or "")
    if hint is None or client is None or hint.client_id != client.client_id:
        return client, False
    return client, own is None or hint.user_id == str(own.user_id)


def _server() -> AuthorizationServer:
    server: AuthorizationServer = current_app.extensions["identity_provider"]
    return server


def _keys() -> Any:
    return current_app.extensions["identity_keys"]


def _clients() -> dict[str, Client]:
    clients: dict[str, Client] = current_app.extensions["identity_clients"]
    return clients
