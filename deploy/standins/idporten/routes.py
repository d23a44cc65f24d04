"""The addresses of the ID-porten stand-in."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from deploy.standins.idporten import session as sessions
from deploy.standins.idporten.asked import Asked, Unsafe, Wrong, known_client, read_asked, repeated_parameter
from deploy.standins.idporten.client_auth import authenticated_client
from deploy.standins.idporten.logout import log_out
from deploy.standins.idporten.profile import PUSHED_LIVES_SECONDS, PUSHED_PREFIX, issuer, metadata
from deploy.standins.idporten.tokens import exchange, issue_code, user_information
from deploy.standins.numbers import is_valid
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused, as_oauth

idporten = Blueprint("idporten", __name__, url_prefix="/idporten")
idporten.register_error_handler(Refused, as_oauth)
_PUSHED = "idporten_pushed"
_MOST_TRIES = 5
_SHOWN_PERSONS = 19


@idporten.errorhandler(Unsafe)
def as_page(unsafe: Unsafe) -> ResponseReturnValue:
    """Tell the citizen; the browser is not sent anywhere."""
    g.reason = str(unsafe)
    return render_template("standins/idporten_error.html", reason=str(unsafe)), 400


@idporten.get("/.well-known/openid-configuration")
def discovery() -> ResponseReturnValue:
    """Publish the discovery document."""
    return jsonify(metadata())


@idporten.get("/jwks.json")
def keys() -> ResponseReturnValue:
    """Publish the signing key."""
    return jsonify(parts().signing.key_set)


@idporten.post("/token")
def token() -> ResponseReturnValue:
    """Exchange a code for tokens."""
    return exchange()


@idporten.get("/userinfo")
def userinfo() -> ResponseReturnValue:
    """Tell who an access token is about."""
    return user_information()


@idporten.route("/logout", methods=["GET", "POST"])
def logout() -> ResponseReturnValue:
    """End the log-in and tell the clients that took part."""
    return log_out()


@idporten.post("/par")
def push() -> ResponseReturnValue:
    """Take an authorization request behind the browser's back (RFC 9126)."""
    client = authenticated_client()
    given = {**request.form.to_dict(), "client_id": client.name}
    if "request_uri" in given:
        raise Refused(400, "invalid_request", "request_uri cannot be pushed")
    try:
        asked = read_asked(known_client(given), given)
    except Unsafe as unsafe:
        raise Refused(400, "invalid_request", str(unsafe)) from unsafe
    except Wrong as wrong:
        raise Refused(400, wrong.error, wrong.reason) from wrong
    reference = secrets.token_urlsafe(32)
    with parts().store.transaction() as transaction:
        body = {"asked": asked.to_json(), "until": sessions.now() + PUSHED_LIVES_SECONDS}
        transaction.put(_PUSHED, reference, body)
    return jsonify(request_uri=f"{PUSHED_PREFIX}{reference}", expires_in=PUSHED_LIVES_SECONDS), 201


@idporten.get("/authorize")
def authorize() -> ResponseReturnValue:
    """Let the citizen log in, or go straight back if that has been done."""
    given = request.args.to_dict()
    if "request_uri" in given:
        asked = _pushed(given)
    else:
        client = known_client(given)
        g.client = client.name
        try:
            asked = _asked_openly(client.name, given)
        except Wrong as wrong:
            return _told(given, error=wrong.error, error_description=wrong.reason)
    return _go_on(asked)


@idporten.get("/login/<login_id>")
def login_page(login_id: str) -> ResponseReturnValue:
    """Show how far the log-in has come."""
    return _page(login_id, _login(login_id))


@idporten.post("/login/<login_id>")
def log_in(login_id: str) -> ResponseReturnValue:
    """Take the number, then the code, or the wish to stop."""
    login = _login(login_id)
    asked = Asked.from_json(login["asked"])
    if "cancel" in request.form:
        sessions.end_login(login_id)
        return _told(asked.to_json(), error="access_denied", error_description="the citizen stopped")
    if "pid" in request.form:
        return _take_number(login_id, login)
    return _take_code(login_id, login, asked)


def _asked_openly(client: str, given: Mapping[str, str]) -> Asked:
    twice = repeated_parameter([name for name, _ in request.args.items(multi=True)])
    if twice:
        raise Wrong("invalid_request", f"{twice} is given twice")
    found = parts().clients.find(client)
    if found is None:
        raise Unsafe("client_id er ikke registrert hos ID-porten")
    return read_asked(found, given)


def _pushed(given: Mapping[str, str]) -> Asked:
    with parts().store.transaction() as transaction:
        body = transaction.take(_PUSHED, given["request_uri"].removeprefix(PUSHED_PREFIX))
    if body is None or body["until"] < sessions.now():
        raise Unsafe("request_uri er ukjent, brukt eller utløpt")
    asked = Asked.from_json(body["asked"])
    if given.get("client_id") != asked.client:
        raise Unsafe("client_id passer ikke til request_uri")
    g.client = asked.client
    return asked


def _go_on(asked: Asked) -> ResponseReturnValue:
    session = sessions.current_session()
    if session is not None and sessions.is_good_enough(session, asked):
        return _finish(asked, session, sessions.browser())
    if "none" in asked.prompt.split():
        return _told(asked.to_json(), error="login_required", error_description="the citizen must log in")
    secret = sessions.browser() or secrets.token_urlsafe(32)
    login_id = sessions.begin_login(secret, asked)
    response = make_response(redirect(f"{request.script_root}/idporten/login/{login_id}", 303))
    sessions.set_cookie(response, secret)
    return response


def _login(login_id: str) -> dict[str, Any]:
    login = sessions.find_login(login_id)
    if login is None:
        raise Unsafe("Innloggingen er ukjent, for gammel eller begynt i en annen nettleser. Start på nytt.")
    return login


def _take_number(login_id: str, login: dict[str, Any]) -> ResponseReturnValue:
    number = "".join(request.form["pid"].split())
    person = parts().people.by_number(number) if is_valid(number) else None
    if person is None or person.died_on is not None:
        return _page(login_id, {**login, "error": "Fant ingen testperson med dette nummeret."}), 422
    login = {**login, "number": number, "name": person.name, "code": f"{secrets.randbelow(10**6):06}", "tries": 0}
    sessions.keep_login(login_id, login)
    return _page(login_id, login)


def _take_code(login_id: str, login: dict[str, Any], asked: Asked) -> ResponseReturnValue:
    typed = "".join(request.form.get("code", "").split())
    if "code" not in login:
        return _page(login_id, {**login, "error": "Velg først hvem du vil logge inn som."}), 422
    if not hmac.compare_digest(typed.encode(), login["code"].encode()):
        login = {**login, "tries": login["tries"] + 1}
        sessions.keep_login(login_id, login)
        if login["tries"] >= _MOST_TRIES:
            sessions.end_login(login_id)
            return _told(asked.to_json(), error="access_denied", error_description="too many wrong codes")
        return _page(login_id, {**login, "error": "Koden er feil."}), 422
    if not sessions.end_login(login_id):
        raise Unsafe("Innloggingen er alt brukt. Start på nytt.")
    # A browser gets a new secret with each log-in, so that one known from before is worth nothing.
    secret = secrets.token_urlsafe(32)
    response = make_response(_finish(asked, sessions.open_session(secret, login["number"], asked.acr), secret))
    sessions.set_cookie(response, secret)
    return response


def _page(login_id: str, login: dict[str, Any]) -> str:
    people = parts().people.all()[:_SHOWN_PERSONS]
    return render_template("standins/idporten_login.html", login_id=login_id, login=login, people=people)


def _finish(asked: Asked, session: dict[str, Any], secret: str) -> Response:
    return _told(asked.to_json(), code=issue_code(asked, session, secret))


def _told(asked: Mapping[str, Any], **values: str) -> Response:
    """Send the browser back to the client, with the issuer as RFC 9207 wants it."""
    g.reason = values.get("error_description")
    state = {"state": asked["state"]} if asked.get("state") else {}
    response = make_response(
        redirect(f"{asked['redirect_uri']}?{urlencode({**values, **state, 'iss': issuer()})}", 303)
    )
    response.headers["Cache-Control"] = "no-store"
    return response
