"""An authorization request, checked against the profile before anybody sees a log-in page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from deploy.standins.clients import Client
from deploy.standins.idporten.profile import LEVELS, LOA_SUBSTANTIAL, SCOPES
from deploy.standins.parts import parts

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_PROMPTS = frozenset({"none", "login", "consent"})
_LANGUAGES = ("nb", "nn", "en", "se")
_LEAST_RANDOM = 8
_SINGLE = (
    "client_id redirect_uri response_type scope state nonce code_challenge code_challenge_method acr_values "
    "prompt max_age"
)


class Unsafe(Exception):  # noqa: N818 - it says what the request is
    """The client or the address is not known, so the browser must not be sent anywhere."""


class Wrong(Exception):  # noqa: N818 - it says what the request is
    """The request breaks the profile; the client is told by redirect."""

    def __init__(self, error: str, reason: str) -> None:
        super().__init__(error)
        self.error = error
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a client asked for."""

    client: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    challenge: str
    acr: str
    prompt: str
    max_age: int | None
    login_hint: str
    language: str

    def to_json(self) -> dict[str, Any]:
        """Return a document for the store."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Self:
        """Read what `to_json` made."""
        return cls(**body)


def known_client(given: Mapping[str, str]) -> Client:
    """Return the client that asks; raises Unsafe unless it and its address are registered together."""
    client = parts().clients.find(given.get("client_id", ""))
    if client is None or not client.address:
        raise Unsafe("client_id er ikke registrert hos ID-porten")
    if given.get("redirect_uri") != client.redirect_uri:
        raise Unsafe("redirect_uri er ikke registrert for klienten")
    return client


def read_asked(client: Client, given: Mapping[str, str]) -> Asked:
    """Return the request; raises Wrong for what the profile forbids."""
    if given.get("response_type") != "code":
        raise Wrong("unsupported_response_type", "response_type must be code")
    if "request" in given or given.get("response_mode", "query") != "query":
        raise Wrong("invalid_request", "request objects and other response modes are not taken")
    scopes = given.get("scope", "").split()
    if "openid" not in scopes or not set(scopes) <= SCOPES:
        raise Wrong("invalid_scope", "scope must hold openid, and nothing that is not registered")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(given.get("code_challenge", "")):
        raise Wrong("invalid_request", "PKCE with S256 is required")
    for name in ("state", "nonce"):
        if len(given.get(name, "")) < _LEAST_RANDOM:
            raise Wrong("invalid_request", f"{name} is required and must be hard to guess")
    return Asked(
        client=client.name,
        redirect_uri=given["redirect_uri"],
        scope=" ".join(scopes),
        state=given["state"],
        nonce=given["nonce"],
        challenge=given["code_challenge"],
        acr=_level(given.get("acr_values", "")),
        prompt=_prompt(given.get("prompt", "")),
        max_age=_max_age(given.get("max_age")),
        login_hint=given.get("login_hint", ""),
        language=next((name for name in given.get("ui_locales", "").split() if name in _LANGUAGES), "nb"),
    )


def repeated_parameter(names: list[str]) -> str | None:
    """Return a parameter that was given twice, which RFC 6749 forbids."""
    return next((name for name in _SINGLE.split() if names.count(name) > 1), None)


def _level(text: str) -> str:
    wanted = text.split() or [LOA_SUBSTANTIAL]
    if not set(wanted) <= set(LEVELS):
        raise Wrong("invalid_request", f"acr_values must be among {' '.join(LEVELS)}")
    return max(wanted, key=LEVELS.index)


def _prompt(text: str) -> str:
    wanted = set(text.split())
    if not wanted <= _PROMPTS or ("none" in wanted and len(wanted) > 1):
        raise Wrong("invalid_request", "prompt is unknown or contradicts itself")
    return " ".join(sorted(wanted))


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdigit():
        raise Wrong("invalid_request", "max_age must be a number of seconds")
    return int(text)
