"""Signing in and out: a visitor is sent to a provider, comes back with proof, and gets a session of a new id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from flask import Blueprint, Response, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from shared.auth.errors import ProviderUnavailable, SignInFailed, TokenRefused
from shared.auth.logout import LogoutNotice, logout_url, read_logout
from shared.auth.oidc_client import Claims
from shared.auth.policy import PolicyLine
from shared.auth.principal import Kind, Principal
from shared.auth.revocation import is_revoked, not_before
from shared.web.context import current_kit, current_principal
from shared.web.doors import Door
from shared.web.problems import SignInRefused
from shared.web.redirects import safe_return
from shared.web.session_store import PRINCIPAL, PROVIDER_SID
from shared.web.sessions import opened_session

log = structlog.get_logger("web")
ID_TOKEN, DOOR = "id_token", "door"


def establish(principal: Principal, *, sid: str | None = None, values: Mapping[str, Any] | None = None) -> None:
    """Begin the session of somebody who has just proved who they are; nothing of the visitor's session is kept."""
    _renew()
    session.update(values or {})
    session[PRINCIPAL] = principal.to_json()
    if sid:
        session[PROVIDER_SID] = sid
    g.principal = principal


def forget() -> None:
    """End the session of this visitor."""
    session.clear()
    g.pop("principal", None)


class SignIn:
    """All doors of one app; the first is taken when a policy line does not say which."""

    def __init__(self, *doors: Door) -> None:
        if not doors:
            raise ValueError("an app that signs people in needs a door")
        self._doors = {door.kind: door for door in doors}
        self._first = doors[0]

    @property
    def blueprint(self) -> Blueprint:
        """The routes /login, /callback, /logout and the two by which a provider tells of a log-out."""
        routes = Blueprint("sign_in", __name__)
        routes.add_url_rule("/login", view_func=self.login)
        routes.add_url_rule("/callback", view_func=self.callback)
        routes.add_url_rule("/logout", view_func=self.logout, methods=["POST"])
        routes.add_url_rule("/backchannel-logout", view_func=self.backchannel_logout, methods=["POST"])
        routes.add_url_rule("/frontchannel-logout", view_func=self.frontchannel_logout)
        return routes

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins to which log-in and log-out send the browser."""
        return tuple(sorted({door.client.provider.origin for door in self._doors.values()}))

    def login_url(self, line: PolicyLine | None, *, return_to: str, step_up: bool) -> str:
        """Return the address, inside this app, where a log-in for this policy line begins."""
        door = self._door_for(line)
        step = 1 if step_up else None
        return url_for("sign_in.login", door=door.kind.value, return_to=return_to, step_up=step)

    def login(self) -> ResponseReturnValue:
        """Send the browser to the provider of the door asked for."""
        door = self._doors.get(_kind(request.args.get("door"))) if "door" in request.args else self._first
        if door is None:
            raise NotFound
        max_age = 0 if request.args.get("step_up") == "1" else None
        return redirect(door.client.begin(safe_return(request.args.get("return_to")), max_age=max_age))

    def callback(self) -> ResponseReturnValue:
        """Take the provider's answer, begin the session and go on to the page first asked for."""
        g.login_url = url_for("sign_in.login")
        try:
            door = self._door_of_answer()
            g.login_url = url_for("sign_in.login", door=door.kind.value)
            claims = door.client.complete(request.args)
            principal = door.principal(claims)
        except TokenRefused as error:
            raise _refused("token") from error
        except SignInFailed as error:
            raise _refused(error.code) from error
        if _is_void(principal):
            raise _refused("revoked")
        log.info("signed in", door=door.kind.value, party=principal.actor, role=principal.role, acr=principal.acr)
        establish(principal, sid=claims.sid, values=_kept(door, claims))
        return redirect(f"{request.script_root}{safe_return(claims.return_to)}", 303)

    def logout(self) -> ResponseReturnValue:
        """End the session here and send the browser to end it at the provider too."""
        door = self._doors.get(_kind(session.get(DOOR)))
        id_token = session.get(ID_TOKEN)
        forget()
        home = f"{request.script_root}/"
        if door is None:
            return redirect(home, 303)
        try:
            return redirect(logout_url(door.client.settings, door.client.provider, id_token) or home, 303)
        except ProviderUnavailable:
            return redirect(home, 303)

    def backchannel_logout(self) -> ResponseReturnValue:
        """End the sessions that the provider says are over."""
        found = self._read_logout(request.form.get("logout_token", ""))
        if found is None:
            return jsonify(error="invalid_request"), 400
        door, notice = found
        sessions = current_kit().sessions
        if notice.sid is not None:
            sessions.end_session(notice.sid)
        elif notice.subject is not None:
            sessions.end_user(f"{door.kind.value}:{notice.subject}")
        return Response(status=200)

    def frontchannel_logout(self) -> ResponseReturnValue:
        """End one log-in's session; the provider's page loads this in a frame, which shows nothing."""
        issuer, sid = request.args.get("iss"), request.args.get("sid")
        if sid and any(door.client.settings.issuer == issuer for door in self._doors.values()):
            current_kit().sessions.end_session(sid)
        return Response(status=204)

    def _door_for(self, line: PolicyLine | None) -> Door:
        wanted = [door for kind, door in self._doors.items() if line is not None and kind.value in line.allow]
        return wanted[0] if wanted else self._first

    def _door_of_answer(self) -> Door:
        state = request.args.get("state")
        for door in self._doors.values():
            if door.client.knows(state):
                return door
        raise SignInFailed("signed_in_already" if current_principal().is_signed_in else "unknown_state")

    def _read_logout(self, token: str) -> tuple[Door, LogoutNotice] | None:
        clock = current_kit().clock
        for door in self._doors.values():
            try:
                return door, read_logout(door.client.settings, door.client.provider, token, clock)
            except TokenRefused:
                continue
        return None


def _refused(code: str) -> SignInRefused:
    log.warning("sign-in refused", reason=code)
    return SignInRefused(code)


def _kept(door: Door, claims: Claims) -> dict[str, Any]:
    kept = {**door.values(claims), DOOR: door.kind.value}
    return {**kept, ID_TOKEN: claims.id_token} if claims.id_token else kept


def _renew() -> None:
    session.clear()
    opened = opened_session()
    if opened is not None:
        opened.rotate()


def _is_void(principal: Principal) -> bool:
    if principal.user_id is None:
        return False
    with current_kit().database.reading() as reading:
        return is_revoked(principal.issued_at, not_before(reading, principal.user_id))


def _kind(name: str | None) -> Kind:
    return Kind(name) if name in {kind.value for kind in Kind} else Kind.ANONYMOUS
