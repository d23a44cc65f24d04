"""Test clients that sign in, send forms, and look at every answer as a strict browser and a security check would."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from shared.auth.principal import Kind, Principal, Role
from shared.testing.html import read_html
from shared.web.context import kit_of
from shared.web.session_store import PRINCIPAL

CSRF_FIELD, CSRF_SALT = "csrf_token", "wtf-csrf-token"
EVERY_ANSWER = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FILES, FIRST_REFUSAL = ("/static/", "/api/docs/files/"), 400
POLICY_PARTS = ("default-src 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'", "form-action")


class InsecureAnswerError(AssertionError):
    """An answer left the app without the headers every answer has."""


class StrictClient(FlaskClient):
    """A client that refuses answers without security headers and pages with faulty HTML."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and check the answer."""
        kwargs.setdefault("buffered", True)  # files are closed at once
        response = super().open(*args, **kwargs)
        check_headers(response)
        if response.mimetype == "text/html" and response.data:
            read_html(response.get_data(as_text=True))
        return response

    def send_form(self, path: str, fields: Mapping[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Post a form as a page of ours would, with the session's CSRF token."""
        return self.post(path, data={CSRF_FIELD: csrf_token(self), **(fields or {})}, **kwargs)

    def htmx(self, method: str, path: str, fields: Mapping[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a request as htmx does, with the CSRF token in a header."""
        headers = {"HX-Request": "true", "X-CSRFToken": csrf_token(self), **kwargs.pop("headers", {})}
        return self.open(path, method=method, data=fields, headers=headers, **kwargs)


def make_client(app: Flask) -> StrictClient:
    """Return a strict client of an app made by `make_app`."""
    return StrictClient(app, app.response_class, use_cookies=True)


def sign_in(client: FlaskClient, principal: Principal, **values: Any) -> Principal:
    """Give the client a session of the principal, logged in this moment unless it says otherwise; returns who it is.

    `values` are what a service remembers of the log-in.
    """
    kit = kit_of(client.application)
    now = kit.clock.now()
    signed_in = replace(
        principal,
        authenticated_at=principal.authenticated_at or now,
        issued_at=principal.issued_at or now,
    )
    _begin(client, {PRINCIPAL: signed_in.to_json(), **values})
    return signed_in


def sign_out(client: FlaskClient) -> None:
    """Drop the client's cookie."""
    client.delete_cookie(_cookie_name(client))


def csrf_token(client: FlaskClient) -> str:
    """Return a CSRF token for the client's session; a client without one gets a visitor's session."""
    kit = kit_of(client.application)
    cookie = client.get_cookie(_cookie_name(client))
    stored = kit.sessions.find(cookie.value) if cookie is not None else None
    if stored is None:
        raw = _begin(client, {})
    else:
        raw = str(stored.content.get(CSRF_FIELD) or secrets.token_hex(20))
        if CSRF_FIELD not in stored.content:
            kit.sessions.save(stored.id_hash, {**stored.content, CSRF_FIELD: raw})
    serializer = URLSafeTimedSerializer(client.application.secret_key or "", salt=CSRF_SALT)
    return str(serializer.dumps(raw))


def a_user(role: Role | str | None = Role.LU, *, user_id: int = 1, **more: Any) -> Principal:
    """Return a user of identity with a role in an organisation of SmerteReg."""
    chosen = {"registry": "smertereg", "organisation": 700001} if role is not None else {}
    values = {"name": "Kari Prøve", "acr": "mfa", "amr": ("pwd", "otp"), **chosen, **more}
    return Principal(kind=Kind.USER, subject=str(user_id), role=str(role) if role else None, **values)


def a_citizen(subject: str = "citizen-1", **more: Any) -> Principal:
    """Return a citizen logged in at the highest level."""
    return Principal(kind=Kind.CITIZEN, subject=subject, **{"acr": "idporten-loa-high", **more})


def an_applicant(subject: str = "applicant-1", **more: Any) -> Principal:
    """Return an applicant logged in at the highest level."""
    return Principal(kind=Kind.APPLICANT, subject=subject, **{"acr": "idporten-loa-high", **more})


def check_headers(response: TestResponse) -> None:
    """Raise InsecureAnswerError if an answer lacks one of the security headers."""
    policy = response.headers.get("Content-Security-Policy", "")
    is_file = response.request.path.startswith(FILES) and response.status_code < FIRST_REFUSAL
    faults = [name for name, value in EVERY_ANSWER.items() if response.headers.get(name) != value]
    faults += [f"Content-Security-Policy without {part}" for part in POLICY_PARTS if part not in policy]
    faults += ["Content-Security-Policy allows unsafe code"] if "unsafe" in policy else []
    if not is_file and response.headers.get("Cache-Control") != "no-store":
        faults.append("Cache-Control")
    if not response.headers.get("X-Correlation-Id"):
        faults.append("X-Correlation-Id")
    if faults:
        raise InsecureAnswerError(f"{response.request.path} ({response.status_code}): {', '.join(faults)}")


def _begin(client: FlaskClient, content: Mapping[str, Any]) -> str:
    raw = secrets.token_hex(20)
    cookie = kit_of(client.application).sessions.start({**content, CSRF_FIELD: raw})
    client.set_cookie(_cookie_name(client), cookie)
    return raw


def _cookie_name(client: FlaskClient) -> str:
    name: str = client.application.session_interface.cookie_name  # type: ignore[attr-defined]
    return name
