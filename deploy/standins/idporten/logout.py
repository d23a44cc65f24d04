"""Log-out: the log-in ends, the clients that took part are told in frames, the browser goes to a registered page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from deploy.standins.clients import Client
from deploy.standins.idporten.asked import Unsafe
from deploy.standins.idporten.profile import issuer
from deploy.standins.idporten.session import end_session
from deploy.standins.parts import parts


def log_out() -> ResponseReturnValue:
    """Answer the end-session endpoint; an address that is not registered is refused before anything ends."""
    given = request.values.to_dict()
    client = _client(given)
    target = _target(client, given)
    session = end_session()
    frames = _frames(session) if session else []
    if target and not frames:
        return redirect(target, 303)
    return render_template("standins/idporten_logout.html", frames=frames, target=target)


def _client(given: dict[str, str]) -> Client | None:
    name = given.get("client_id")
    hint = given.get("id_token_hint")
    if hint is not None:
        claims = parts().signing.read(hint)
        if claims is None or claims.get("iss") != issuer():
            raise Unsafe("id_token_hint er ikke utstedt her")
        if name is not None and name != claims.get("aud"):
            raise Unsafe("client_id passer ikke til id_token_hint")
        name = claims.get("aud")
    client = parts().clients.find(name) if name else None
    if name and (client is None or not client.address):
        raise Unsafe("client_id er ikke registrert hos ID-porten")
    g.client = client.name if client else None
    return client


def _target(client: Client | None, given: dict[str, str]) -> str | None:
    wanted = given.get("post_logout_redirect_uri")
    if wanted is None:
        return None
    if client is None or wanted != client.after_logout_uri:
        raise Unsafe("post_logout_redirect_uri er ikke registrert for klienten")
    state = given.get("state")
    return f"{wanted}?{urlencode({'state': state})}" if state else wanted


def _frames(session: dict[str, Any]) -> list[str]:
    query = urlencode({"iss": issuer(), "sid": session["sid"]})
    clients = [parts().clients.find(name) for name in session["clients"]]
    return [f"{client.frontchannel_logout_uri}?{query}" for client in clients if client]
