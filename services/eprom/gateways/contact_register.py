"""How a person can be reached today: Kontakt- og reservasjonsregisteret (KRR)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from services.eprom.gateways.maskinporten import Maskinporten
from services.eprom.gateways.outside import ask, body_of
from services.eprom.usecases.ports import Contact, OutsideUnavailable, Recipient

SCOPE = "krr:global/kontaktinformasjon.read"
_LANGUAGES = frozenset({"nb", "nn", "en"})
_OK, _UNAUTHORISED = 200, 401


class Krr:
    """KRR's REST interface, version 2."""

    def __init__(self, url: str, tokens: Maskinporten, http: requests.Session) -> None:
        self._url, self._tokens, self._http = f"{url}/rest/v2/personer", tokens, http

    def look_up(self, recipient: Recipient) -> Contact:
        """How the person can be reached; raises OutsideUnavailable."""
        body = {"personidentifikatorer": [recipient.number]}
        answer = ask(self._http, "POST", self._url, json=body, headers=self._tokens.headers())
        if answer.status_code == _UNAUTHORISED:
            self._tokens.forget()
        if answer.status_code != _OK:
            raise OutsideUnavailable(f"contact register {answer.status_code}")
        persons = body_of(answer).get("personer")
        if not isinstance(persons, list) or len(persons) != 1 or not isinstance(persons[0], dict):
            raise OutsideUnavailable("contact register malformed")
        return _contact(persons[0])


def _contact(told: Mapping[str, Any]) -> Contact:
    language = told.get("spraak") if told.get("spraak") in _LANGUAGES else "nb"
    is_reserved = told.get("reservasjon") != "NEI"
    # Reserved against digital post, or told years ago: what stands there is not to be used.
    found = {} if is_reserved or told.get("varslingsstatus") != "KAN_VARSLES" else told.get("kontaktinformasjon") or {}
    return Contact(
        language=str(language),
        email=found.get("epostadresse"),
        mobile=found.get("mobiltelefonnummer"),
        is_reserved=is_reserved,
    )
