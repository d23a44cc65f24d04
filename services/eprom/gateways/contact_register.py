"""How a person can be reached today: Kontakt- og reservasjonsregisteret (KRR)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import requests

from services.eprom.domain.reach import is_too_old
from services.eprom.gateways.maskinporten import Maskinporten
from services.eprom.gateways.outside import ask, body_of
from services.eprom.usecases.ports import Contact, OutsideUnavailable, Recipient
from shared.scheduling.clock import Clock, oslo, today

SCOPE = "krr:global/kontaktinformasjon.read"
_LANGUAGES = frozenset({"nb", "nn", "en"})
_OK, _UNAUTHORISED = 200, 401
MOST = 1000  # persons a call
_EMAIL, _MOBILE = _KINDS = ("epostadresse", "mobiltelefonnummer")


class Krr:
    """KRR's REST interface, version 2: up to a thousand persons a call. Nothing of the answers is kept."""

    def __init__(self, url: str, tokens: Maskinporten, http: requests.Session, clock: Clock) -> None:
        self._url, self._tokens, self._http = f"{url}/rest/v2/personer", tokens, http
        self._clock = clock

    def look_up(self, recipient: Recipient) -> Contact:
        """How the person can be reached; raises OutsideUnavailable."""
        return self.look_up_all([recipient])[0]

    def look_up_all(self, recipients: Sequence[Recipient]) -> Sequence[Contact]:
        """How each person can be reached, in the same order; raises OutsideUnavailable."""
        numbers = sorted({recipient.number for recipient in recipients})
        told: dict[str, Mapping[str, Any]] = {}
        for first in range(0, len(numbers), MOST):
            told |= self._ask(numbers[first : first + MOST])
        on = today(self._clock)
        try:
            return [_contact(told[recipient.number], on) for recipient in recipients]
        except (AttributeError, KeyError, TypeError, ValueError):
            raise OutsideUnavailable("contact register malformed") from None

    def _ask(self, numbers: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        body = {"personidentifikatorer": numbers}
        answer = ask(self._http, "POST", self._url, json=body, headers=self._tokens.headers())
        if answer.status_code == _UNAUTHORISED:
            self._tokens.forget()
        if answer.status_code != _OK:
            raise OutsideUnavailable(f"contact register {answer.status_code}")
        persons = body_of(answer).get("personer")
        if not isinstance(persons, list) or not all(isinstance(person, dict) for person in persons):
            raise OutsideUnavailable("contact register malformed")
        return {str(person.get("personidentifikator")): person for person in persons}


def _contact(told: Mapping[str, Any], on: date) -> Contact:
    language = told.get("spraak") if told.get("spraak") in _LANGUAGES else "nb"
    is_reserved = told.get("reservasjon") != "NEI"
    known = told.get("kontaktinformasjon") or {}
    # Reserved against digital post, or told years ago: what stands there is not to be used.
    may_be_used = not is_reserved and told.get("varslingsstatus") == "KAN_VARSLES"
    found = {kind: known.get(kind) if may_be_used and _is_fresh(known, kind, on) else None for kind in _KINDS}
    return Contact(
        language=str(language),
        email=found[_EMAIL],
        mobile=found[_MOBILE],
        is_reserved=is_reserved,
        is_old=not is_reserved and any(known.get(kind) for kind in _KINDS) and not any(found.values()),
    )


def _is_fresh(known: Mapping[str, Any], kind: str, on: date) -> bool:
    """Whether an address was changed or confirmed within eighteen months; without a date the register's word counts."""
    written = [known[name] for name in (f"{kind}_oppdatert", f"{kind}_sist_verifisert") if known.get(name)]
    days = [oslo(datetime.fromisoformat(moment)).date() for moment in written]
    return not days or not is_too_old(max(days), on)
