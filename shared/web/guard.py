"""The policy at the door: one check before every request, by endpoint."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, g, redirect, request, session
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, HTTPException, NotFound

from shared.auth.errors import TokenRefused
from shared.auth.policy import Answer, PolicyLine
from shared.auth.principal import ANONYMOUS, Kind, Principal
from shared.auth.revocation import is_revoked, not_before
from shared.web.context import current_kit, current_principal, is_api, is_htmx
from shared.web.problems import FreshLogInNeeded, LogInNeeded, bearer_challenge
from shared.web.redirects import safe_return
from shared.web.session_store import PRINCIPAL

BEARER = "bearer "


def install(app: Flask) -> None:
    """Put the policy check before every request."""
    app.before_request(enforce)


def enforce() -> ResponseReturnValue | None:
    """Let the request through, send the visitor to the log-in, or refuse."""
    if request.endpoint is None:
        return None  # no such page or method: the error handler answers
    kit = current_kit()
    line = kit.policy.line(request.endpoint)
    if line is None:
        raise NotFound
    if line.body_limit is not None:
        request.max_content_length = line.body_limit
        request.max_form_memory_size = line.body_limit
    if line.is_open and not line.step_up:
        return None
    answer = kit.policy.decide(request.endpoint, current_principal(), kit.clock.now())
    return None if answer is Answer.ALLOW else _refuse(answer, line)


def identify() -> Principal:
    """Return who asks: by bearer token on the JSON side, by session on the pages."""
    if is_api():
        return _bearer_principal()
    kept = session.get(PRINCIPAL)
    return Principal.from_json(kept) if kept else ANONYMOUS


def _bearer_principal() -> Principal:
    header = request.headers.get("Authorization", "")
    if not header:
        return ANONYMOUS
    checker = current_kit().token_checker
    if checker is None or not header.lower().startswith(BEARER):
        raise bearer_challenge("invalid_request")
    try:
        principal = checker.check(header[len(BEARER) :].strip())
    except TokenRefused as error:
        raise bearer_challenge("invalid_token") from error
    if is_signed_out(principal):
        raise bearer_challenge("invalid_token")
    return principal


def is_signed_out(principal: Principal) -> bool:
    """Tell whether identity has said that this log-in of a user no longer counts."""
    user_id = principal.user_id
    if principal.kind is not Kind.USER or user_id is None:
        return False
    with current_kit().database.reading() as reading:
        return is_revoked(principal.issued_at, not_before(reading, user_id))


def _refuse(answer: Answer, line: PolicyLine) -> ResponseReturnValue:
    if is_api():
        raise _refusal_of_program(answer)
    if answer is Answer.FORBIDDEN:
        raise Forbidden
    doors = current_kit().doors
    if doors is None:
        raise LogInNeeded
    step_up = answer is Answer.STEP_UP
    if request.method in {"GET", "HEAD"} and not is_htmx():
        return redirect(doors.login_url(line, return_to=request.full_path.rstrip("?"), step_up=step_up), 302)
    g.login_url = doors.login_url(line, return_to=_form_page(), step_up=step_up)
    # What was typed is still on the page behind this answer; a redirect would throw it away.
    raise FreshLogInNeeded if step_up else LogInNeeded


def _refusal_of_program(answer: Answer) -> HTTPException:
    if answer is Answer.FORBIDDEN:
        return Forbidden()
    return bearer_challenge("insufficient_user_authentication" if answer is Answer.STEP_UP else "")


def _form_page() -> str:
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host or not came_from.path.startswith(f"{request.script_root}/"):
        return "/"
    path = came_from.path.removeprefix(request.script_root)
    return safe_return(f"{path}?{came_from.query}" if came_from.query else path)
