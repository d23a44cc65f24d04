"""What the tests of the stand-ins share: one app with a clock that stands still, and clients that sign as they should."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from deploy.standins.app import create_app
from deploy.standins.clients import POPULATION
from deploy.standins.parts import EXTENSION, Parts
from deploy.standins.persons import StandinPerson
from deploy.standins.settings import StandinSettings
from shared.scheduling.clock import FixedClock

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
URL = "http://localhost"
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def settings_for(folder: Path, keys: Path, **changes: Any) -> StandinSettings:
    values: dict[str, Any] = {
        "database": folder / "standins.sqlite",
        "url": URL,
        "keys": keys,
        "services": {name: f"{URL}/{name}" for name in ("eprom", "reservation", "release")},
        "persons": 20,
    }
    return StandinSettings(**{**values, **changes})


@dataclass
class World:
    """An app, its clock, and clients that prove who they are."""

    settings: StandinSettings
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    def __post_init__(self) -> None:
        self.app: Flask = create_app(self.settings, clock=self.clock)
        self.http: FlaskClient = self.app.test_client()

    @property
    def parts(self) -> Parts:
        return self.app.extensions[EXTENSION]

    def person(self, family_name: str) -> StandinPerson:
        return next(p for p in self.parts.people.all() if p.family_name == family_name)

    def key(self, service: str) -> RSAKey:
        return _key(self.settings.keys / f"{service}_client.pem")

    def basic(self, service: str) -> tuple[str, str]:
        return service, json.loads((self.settings.keys / "client_secrets.json").read_text())[service]

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    def assertion(self, service: str, audience: str, header: Mapping[str, Any] | None = None, **claims: Any) -> str:
        key = self.key(service)
        now = self.seconds()
        body = {"iss": service, "aud": audience, "iat": now, "exp": now + 50, "jti": secrets.token_hex(8), **claims}
        head = {"alg": "RS256", "kid": key.kid, **(header or {})}
        return jwt.encode(head, {n: v for n, v in body.items() if v is not None}, key, algorithms=[head["alg"]])

    def maskinporten(self, service: str, *scopes: str) -> dict[str, str]:
        assertion = self.assertion(service, f"{URL}/maskinporten/", scope=" ".join(scopes))
        answer = self.http.post("/maskinporten/token", data={"grant_type": JWT_GRANT, "assertion": assertion})
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json['access_token']}"}

    def helseid(self, service: str, scope: str = POPULATION, **more: Any) -> TestResponse:
        issuer = f"{URL}/helseid"
        form = {
            "grant_type": "client_credentials",
            "client_id": service,
            "scope": scope,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self.assertion(service, issuer, sub=service),
        }
        return self.http.post("/helseid/connect/token", data=form, **more)

    def bearer(self, service: str, scope: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.helseid(service, scope).json['access_token']}"}

    def inbox(self, **filters: str) -> list[dict[str, Any]]:
        return self.http.get("/inbox.json", query_string=filters).json["messages"]

    def requests(self, standin: str) -> list[dict[str, Any]]:
        return self.http.get("/requests.json", query_string={"standin": standin}).json["requests"]


@cache
def _key(path: Path) -> RSAKey:
    key = RSAKey.import_key(path.read_bytes())
    key.ensure_kid()
    return key


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def sha256_url(text: str) -> str:
    return base64url(hashlib.sha256(text.encode()).digest())


def strict_html(text: str) -> Any:
    """Parse a page; any error a strict parser finds fails the test."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(text)
    assert not parser.errors, parser.errors
    assert tree.find("head/title").text.strip()
    assert tree.get("lang") == "nb"
    return tree
