"""HelseID for people: requests only pushed, codes only for who proves a key, and the level told in the id token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from deploy.standins.clients import Client
from deploy.standins.dpop import read_proof
from deploy.standins.helseid_clients import helseid_client
from deploy.standins.idporten.asked import repeated_parameter
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused, as_oauth

LEVEL_CLAIM = "helseid://claims/identity/security_level"
SCOPES = frozenset({"openid", "profile"})
PUSHED_PREFIX = "urn:ietf:params:oauth:request_uri:"
PUSHED_LIVES_SECONDS, CODE_LIVES_SECONDS, TOKEN_LIVES_SECONDS, LOGIN_LIVES_SECONDS = 600, 60, 60, 600
_PUSHED, _LOGIN, _CODE = "helseid_pushed", "helseid_login", "helseid_code"
_CHALLENGE, _VERIFIER = re.compile(r"[A-Za-z0-9_-]{43}"), re.compile(r"[A-Za-z0-9._~-]{43,128}")
_LEAST_RANDOM, _LEVELS, _SHOWN = 8, {"Level3": "3", "Level4": "4"}, 19
helseid_users = Blueprint("helseid_users", __name__, url_prefix="/helseid")
helseid_users.register_error_handler(Refused, as_oauth)


def users_metadata(issuer: str) -> dict[str, Any]:
    """Return what the discovery document says of log-ins."""
    return {
        "authorization_endpoint": f"{issuer}/connect/authorize",
        "pushed_authorization_request_endpoint": f"{issuer}/connect/par",
        "require_pushed_authorization_requests": True,
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": sorted(SCOPES),
        "id_token_signing_alg_values_supported": ["RS256"],
        "authorization_response_iss_parameter_supported": True,
    }


@helseid_users.post("/connect/par")
def push() -> ResponseReturnValue:
    """Take an authorization request behind the browser's back; there is no other way (RFC 9126)."""
    client = helseid_client(f"{_issuer()}/connect/par")
    _check_asked(client, request.form.to_dict())
    reference = secrets.token_urlsafe(32)
    names = ("redirect_uri", "scope", "state", "nonce", "code_challenge")
    asked = {**{name: request.form[name] for name in names}, "client": client.name}
    asked["level"] = _LEVELS[request.form.get("acr_values", "Level3")]
    with parts().store.transaction() as transaction:
        transaction.put(_PUSHED, reference, {"asked": asked, "until": _now() + PUSHED_LIVES_SECONDS})
    return jsonify(request_uri=f"{PUSHED_PREFIX}{reference}", expires_in=PUSHED_LIVES_SECONDS), 201


@helseid_users.get("/connect/authorize")
def authorize() -> ResponseReturnValue:
    """Let somebody log in for a pushed request; what stands in the address beside its name is refused."""
    if set(request.args) != {"client_id", "request_uri"}:
        raise Refused(400, "invalid_request", "push the request first, and bring its request_uri only")
    with parts().store.transaction() as transaction:
        body = transaction.take(_PUSHED, request.args["request_uri"].removeprefix(PUSHED_PREFIX))
    if body is None or body["until"] <= _now() or body["asked"]["client"] != request.args["client_id"]:
        raise Refused(400, "invalid_request", "request_uri is unknown, used, over, or another client's")
    login_id = secrets.token_urlsafe(24)
    with parts().store.transaction() as transaction:
        transaction.put(_LOGIN, login_id, {"asked": body["asked"], "until": _now() + LOGIN_LIVES_SECONDS})
    return redirect(f"{request.script_root}/helseid/log-in/{login_id}", 303)


@helseid_users.get("/log-in/<login_id>")
def login_page(login_id: str) -> ResponseReturnValue:
    """Show who may be chosen."""
    people = [person for person in parts().people.all()[:_SHOWN] if not person.died_on]
    return render_template("standins/helseid_login.html", login_id=login_id, people=people)


@helseid_users.post("/log-in/<login_id>")
def log_in(login_id: str) -> ResponseReturnValue:
    """Send the browser back with a code for the person chosen, or with the wish to stop."""
    with parts().store.transaction() as transaction:
        login = transaction.take(_LOGIN, login_id)
    if login is None or login["until"] < _now():
        raise Refused(400, "invalid_request", "the log-in is unknown or over")
    asked, told = login["asked"], {"error": "access_denied"}
    person = parts().people.by_number(request.form.get("pid", ""))
    if person is not None:
        code = secrets.token_urlsafe(32)
        body = {"asked": asked, "number": person.number, "at": _now(), "until": _now() + CODE_LIVES_SECONDS}
        with parts().store.transaction() as transaction:
            transaction.put(_CODE, code, body)
        told = {"code": code}
    query = urlencode({**told, "state": asked["state"], "iss": _issuer()})
    return redirect(f"{asked['redirect_uri']}?{query}", 303)


def exchange_code() -> ResponseReturnValue:
    """Exchange a code for tokens that are bound to the key proven."""
    endpoint = f"{_issuer()}/connect/token"
    proof = request.headers.get("DPoP")
    if not proof:
        raise Refused(400, "invalid_dpop_proof", "a DPoP proof is required")
    key = read_proof(proof, endpoint, needs_nonce=True)
    client = helseid_client(endpoint)
    with parts().store.transaction() as transaction:
        granted = transaction.take(_CODE, request.form.get("code", ""))
    if granted is None or not _fits(client, granted):
        raise Refused(400, "invalid_grant", "the code is unknown, used, over or not this client's, or does not fit")
    claims = {"iss": _issuer(), "iat": _now(), "exp": _now() + TOKEN_LIVES_SECONDS, "jti": secrets.token_urlsafe(16)}
    bound = {**claims, "client_id": client.name, "scope": granted["asked"]["scope"], "cnf": {"jkt": key}}
    access_token = parts().signing.token(bound, token_type="at+jwt")  # noqa: S106 - a header field
    half = _text(hashlib.sha256(access_token.encode()).digest()[:16])
    id_token = parts().signing.token({**claims, **_person(client, granted), "at_hash": half})
    body = {"access_token": access_token, "token_type": "DPoP", "expires_in": TOKEN_LIVES_SECONDS, "id_token": id_token}
    return jsonify({**body, "scope": granted["asked"]["scope"]}), 200, {"Cache-Control": "no-store"}


def _check_asked(client: Client, given: dict[str, str]) -> None:
    twice = repeated_parameter([name for name, _ in request.form.items(multi=True)])
    scopes = set(given.get("scope", "").split())
    faults = {
        "the client is not registered for log-ins": not (client.is_for_staff and client.address),
        f"{twice} is given twice": twice is not None,
        "redirect_uri is not registered": given.get("redirect_uri") != client.redirect_uri,
        "request objects are not taken": bool({"request", "request_uri"} & set(given)),
        "response_type must be code": given.get("response_type") != "code",
        "scope must hold openid, and nothing that is not registered": "openid" not in scopes or not scopes <= SCOPES,
        "PKCE with S256 is required": given.get("code_challenge_method") != "S256"
        or not _CHALLENGE.fullmatch(given.get("code_challenge", "")),
        "state and nonce are required": any(len(given.get(name, "")) < _LEAST_RANDOM for name in ("state", "nonce")),
        "acr_values is unknown": given.get("acr_values", "Level3") not in _LEVELS,
    }
    for reason, is_so in faults.items():
        if is_so:
            raise Refused(400, "invalid_request", reason)


def _fits(client: Client, granted: dict[str, Any]) -> bool:
    asked, verifier = granted["asked"], request.form.get("code_verifier", "")
    return (
        asked["client"] == client.name
        and granted["until"] > _now()
        and request.form.get("redirect_uri") == asked["redirect_uri"]
        and _VERIFIER.fullmatch(verifier) is not None
        and hmac.compare_digest(_text(hashlib.sha256(verifier.encode()).digest()), asked["code_challenge"])
    )


def _person(client: Client, granted: dict[str, Any]) -> dict[str, Any]:
    digest = hashlib.sha256(f"{_issuer()} {client.name} {granted['number']}".encode()).digest()
    g.client = client.name
    return {
        "aud": client.name,
        "sub": _text(digest),
        "nonce": granted["asked"]["nonce"],
        "auth_time": granted["at"],
        "amr": ["pwd"],
        "idp": "testidp",
        LEVEL_CLAIM: granted["asked"]["level"],
    }


def _issuer() -> str:
    return parts().settings.issuer("helseid")


def _now() -> int:
    return int(parts().clock.now().timestamp())


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
