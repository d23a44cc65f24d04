"""A client of ID-porten and a citizen with a browser, for tests."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.test import TestResponse

from tests.standins.world import ASSERTION_TYPE, URL, World, sha256_url, strict_html

ISSUER = f"{URL}/idporten"


@dataclass
class Visitor:
    """One client's registration, and one browser."""

    world: World
    client: str = "reservation"
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = "state-1234567"
    nonce: str = "nonce-1234567"

    @property
    def redirect_uri(self) -> str:
        return f"{URL}/{self.client}/callback"

    def fields(self, **changes: Any) -> dict[str, Any]:
        values = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": self.redirect_uri,
            "scope": "openid profile",
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": sha256_url(self.verifier),
            "code_challenge_method": "S256",
            "acr_values": "idporten-loa-high",
            **changes,
        }
        return {name: value for name, value in values.items() if value is not None}

    def ask(self, **changes: Any) -> TestResponse:
        return self.world.http.get("/idporten/authorize", query_string=self.fields(**changes))

    def begin(self, **changes: Any) -> str:
        """Ask, and return the address of the log-in page."""
        answer = self.ask(**changes)
        assert answer.status_code == 303, answer.text
        return urlsplit(answer.headers["Location"]).path

    def log_in(self, number: str, **changes: Any) -> dict[str, str]:
        """Log in by hand and return what the client is told."""
        page = self.begin(**changes)
        shown = self.world.http.post(page, data={"pid": number})
        assert shown.status_code == 200, shown.text
        code = strict_html(shown.text).find(".//strong[@id='testid-code']").text
        return told(self.world.http.post(page, data={"code": code}))

    def redeem(self, code: str, *, auth: Any = "secret", **changes: Any) -> TestResponse:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect_uri}
        form |= {"code_verifier": self.verifier, **changes}
        if auth == "key":
            assertion = self.world.assertion(self.client, ISSUER, sub=self.client)
            form |= {"client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
        basic = self.world.basic(self.client) if auth == "secret" else None if auth == "key" else auth
        form = {name: value for name, value in form.items() if value is not None}
        return self.world.http.post("/idporten/token", data=form, auth=basic)


def told(answer: TestResponse) -> dict[str, str]:
    """Read what a redirect tells the client."""
    assert answer.status_code == 303, answer.text
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}
