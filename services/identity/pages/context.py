"""What every page asks for: the parts behind the doors, who is logged in, and where the visitor comes from."""

from __future__ import annotations

from flask import after_this_request, current_app, g, request, session
from flask.wrappers import Response

from services.identity.domain.browsers import browser_of
from services.identity.domain.sign_on import TWO_FACTOR
from services.identity.pages.flow import kept_flows
from services.identity.queries.own_log_in import OwnLogIn, RoleChoice, own_log_in, own_roles
from services.identity.usecases.means import Means
from services.identity.usecases.visitor import Visitor
from shared.auth.principal import Kind, Principal
from shared.web.context import current_kit
from shared.web.session_store import PRINCIPAL, PROVIDER_SID
from shared.web.sessions import opened_session
from shared.web.sign_in import establish, forget

SIGN_ON = "sign_on"
DEVICE_SECONDS = 180 * 24 * 3600


def means() -> Means:
    """The parts behind the doors."""
    found: Means = current_app.extensions["identity"]
    return found


def log_in() -> OwnLogIn | None:
    """The live log-in of this browser, if any; one that was ended elsewhere is forgotten here too."""
    if "log_in" not in g:
        g.log_in = _find_log_in()
    found: OwnLogIn | None = g.log_in
    return found


def begin_session(sid: str) -> None:
    """Begin the session of somebody who has just logged in; only what they were on their way to is kept."""
    flows = kept_flows()
    g.pop("log_in", None)
    session[SIGN_ON] = sid
    own = log_in()
    if own is not None:
        establish(_principal(own), sid=sid, values={SIGN_ON: sid, **flows})


def follow(sid: str) -> None:
    """Bring the session up to what the log-in says now, after a choice or a fresh code; `sid` may be a new one."""
    session[SIGN_ON] = session[PROVIDER_SID] = sid
    g.pop("log_in", None)
    own = log_in()
    if own is not None:
        g.principal = _principal(own)
        session[PRINCIPAL] = g.principal.to_json()


def renew_session() -> None:
    """Give the session a new id: one that somebody else put into the browser is worth nothing from now on."""
    opened = opened_session()
    if opened is not None:
        opened.rotate()


def visitor() -> Visitor:
    """Where the request comes from."""
    return Visitor(
        address=request.remote_addr or "unknown",
        device=request.cookies.get(_device_cookie()),
        browser=browser_of(request.user_agent.string),
    )


def remember_device(value: str) -> None:
    """Give the browser its device cookie with the answer to this request."""

    @after_this_request
    def add(response: Response) -> Response:
        secure = current_kit().settings.cookie_secure
        path = "/" if secure else (request.script_root or "/")
        response.set_cookie(
            _device_cookie(),
            value,
            max_age=DEVICE_SECONDS,
            path=path,
            secure=secure,
            httponly=True,
            samesite="Lax",
        )
        return response


def chosen_role(own: OwnLogIn) -> RoleChoice | None:
    """The role of the log-in."""
    roles = own_roles(own.user_id, database=means().database)
    return next((role for role in roles if role.role_id == own.role_id), None)


def _find_log_in() -> OwnLogIn | None:
    sid = session.get(SIGN_ON)
    if not sid:
        return None
    own = own_log_in(sid, seals=means().seals, database=means().database)
    if own is None or not own.sign_on.is_live(means().clock.now()):
        forget()
        return None
    return own


def _principal(own: OwnLogIn) -> Principal:
    role = chosen_role(own)
    now = means().clock.now()
    return Principal(
        kind=Kind.USER,
        subject=str(own.user_id),
        role=role.role if role else None,
        registry=role.registry if role else None,
        organisation=role.organisation if role else None,
        name=own.name,
        authenticated_at=own.sign_on.authenticated_at,
        issued_at=now,
        acr=TWO_FACTOR,
        amr=own.sign_on.amr,
        language=own.language,
    )


def _device_cookie() -> str:
    return "__Host-device" if current_kit().settings.cookie_secure else "device"
