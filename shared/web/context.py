"""What a page or an API function may ask about the request it serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app, g, request

from shared.auth.policy import Policy, PolicyLine
from shared.auth.principal import Principal
from shared.auth.tokens import TokenChecker
from shared.db.database import Database
from shared.scheduling.clock import Clock
from shared.web.settings import WebSettings

if TYPE_CHECKING:
    from shared.web.doors import Doors
    from shared.web.idempotency import KeptAnswers
    from shared.web.session_store import SessionStore
    from shared.web.texts import TextSource
    from shared.web.throttle import Throttle

API_PREFIX = "/api/"


@dataclass(frozen=True, kw_only=True)
class WebKit:
    """The parts of one app that the kit's modules share; kept in `app.extensions["kit"]`."""

    name: str
    settings: WebSettings
    policy: Policy
    database: Database
    clock: Clock
    sessions: SessionStore
    throttle: Throttle
    answers: KeptAnswers
    texts: TextSource
    token_checker: TokenChecker | None
    doors: Doors | None
    identify: Callable[[], Principal]


def kit_of(app: Flask) -> WebKit:
    """Return the kit of an app made by `make_app`."""
    kit = app.extensions["kit"]
    if not isinstance(kit, WebKit):
        raise TypeError("the app was not made by make_app")
    return kit


def current_kit() -> WebKit:
    """Return the kit of the app that serves this request."""
    return kit_of(current_app)


def current_principal() -> Principal:
    """Return who asks; read from the session or the bearer token the first time it is asked for."""
    if "principal" not in g:
        g.principal = current_kit().identify()
    principal: Principal = g.principal
    return principal


def current_line() -> PolicyLine | None:
    """Return the policy line of the route being served."""
    return current_kit().policy.line(request.endpoint) if request.endpoint else None


def correlation_id() -> str:
    """Return the id that ties this request to its log lines, access log entries and events."""
    found: str = g.get("correlation_id", "")
    return found


def is_htmx() -> bool:
    """Tell whether htmx asks for a fragment instead of a whole page."""
    return request.headers.get("HX-Request") == "true"


def is_api() -> bool:
    """Tell whether the request is for the JSON side, where tokens count and cookies do not."""
    return request.path.startswith(API_PREFIX)
