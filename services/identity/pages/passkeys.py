"""Passkeys in the browser: what it is to ask, as JSON, and the log-in by a passkey alone."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, jsonify, request, session
from flask.typing import ResponseReturnValue

from services.identity.domain.errors import MustWait, RuleBroken
from services.identity.domain.passkeys import Challenge
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means, visitor
from services.identity.pages.log_in import enter, log_in_page, wait_page
from services.identity.pages.steps import current_flow, next_step
from services.identity.usecases.ask_for_passkey import ask_for_any
from services.identity.usecases.log_in_with_passkey import log_in_with_passkey
from shared.web.language import translate
from shared.web.throttle import throttled

CHALLENGE = "passkey_challenge"
JSON = "application/json"


@pages.post("/log-in/passkey/options")
@throttled(limit=2000, window=timedelta(hours=1))
def send_passkey_log_in_options() -> ResponseReturnValue:
    """What the browser is to ask any passkey made here, as JSON."""
    return ask(ask_for_any(passkeys=means().passkeys, uow=means().uow))


@pages.post("/log-in/passkey")
def send_passkey_log_in() -> ResponseReturnValue:
    """Check the passkey's answer, and go on."""
    flow, kit = current_flow(), means()
    try:
        confirmed = log_in_with_passkey(
            taken_challenge(),
            request.form.get("credential", ""),
            visitor=visitor(),
            messages=kit.messages,
            passkeys=kit.passkeys,
            uow=kit.uow,
        )
    except MustWait as wait:
        return wait_page(wait)
    except RuleBroken as broken:
        return log_in_page(broken.code), 422
    enter(confirmed)
    return next_step(flow)


def ask(challenge: Challenge) -> Response:
    """Hand the browser a challenge, which its session remembers."""
    session[CHALLENGE] = challenge.value
    return Response(challenge.options, mimetype=JSON)


def refused_asking(code: str) -> ResponseReturnValue:
    """Tell the script why there is nothing to ask; it shows the sentence."""
    return jsonify(message=translate(f"error.{code}")), 422


def taken_challenge() -> str:
    """The challenge this session was handed last; it is forgotten here too."""
    return str(session.pop(CHALLENGE, ""))
