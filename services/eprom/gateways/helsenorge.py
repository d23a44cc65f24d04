"""A task in the citizen's inbox at Helsenorge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests

from services.eprom.domain.deadlines import OSLO
from services.eprom.gateways.outside import body_of, refusal
from services.eprom.usecases.ports import Contact, Letter, OutsideUnavailable, Recipient
from shared.auth.errors import ProviderUnavailable
from shared.auth.helseid import HelseId

SCOPE = "nhn:helsenorge.eksternapi/oppgave"
FHIR_JSON = "application/fhir+json"
_AREA, _HEALTH_REGISTRY = "urn:oid:2.16.578.1.12.4.1.1.7618", "1"
_HIDE_SENDER = "http://helsenorge.no/fhir/sensitiv-avsender"
_ORGANISATION = "urn:oid:2.16.578.1.12.4.1.4.101"
_NUMBER, _D_NUMBER = "urn:oid:2.16.578.1.12.4.1.4.1", "urn:oid:2.16.578.1.12.4.1.4.2"
_NOT_ACTIVE, _UNKNOWN = "2118", "FFK-010001"
_D_NUMBER_FROM = "4"
_TAKEN = frozenset({200, 201, 409})  # 409: this id was taken before, with the words of another day


@dataclass(frozen=True)
class Sender:
    """The organisation that writes."""

    name: str
    number: str


class Helsenorge:
    """Helsenorge's task API (FHIR R4)."""

    name = "helsenorge"

    def __init__(self, url: str, tokens: HelseId, sender: Sender) -> None:
        self._url, self._tokens, self._sender = f"{url}/oppgave/v1/Task", tokens, sender

    def send(self, recipient: Recipient, contact: Contact, letter: Letter) -> bool:
        """Lay a task in the inbox; False when the person does not use Helsenorge.

        Raises OutsideUnavailable, LastingFault when the task itself is refused.
        """
        _ = contact  # Helsenorge knows its own users and tells them itself
        try:
            answer = self._tokens.request(
                "POST", self._url, json=self._task(recipient, letter), headers={"Content-Type": FHIR_JSON}
            )
        except (ProviderUnavailable, requests.RequestException) as error:
            raise OutsideUnavailable(f"helsenorge: {type(error).__name__}") from None
        if answer.status_code in _TAKEN:
            return True
        code = _code(answer)
        if answer.status_code < requests.codes.server_error and code in {_NOT_ACTIVE, _UNKNOWN}:
            return False
        raise refusal(self.name, answer.status_code, code)

    def _task(self, recipient: Recipient, letter: Letter) -> dict[str, Any]:
        sender = {"system": _ORGANISATION, "value": self._sender.number}
        system = _D_NUMBER if recipient.number >= _D_NUMBER_FROM else _NUMBER
        return {
            "resourceType": "Task",
            "contained": [
                {"resourceType": "Organization", "id": "sender", "name": self._sender.name, "identifier": [sender]}
            ],
            "meta": {
                "security": [
                    {"system": _AREA, "code": _HEALTH_REGISTRY, "display": "Helseregister"},
                    {"system": _HIDE_SENDER, "code": "1"},
                ]
            },
            "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{letter.message_id}"}],
            "status": "ready",
            "intent": "proposal",
            "code": {"text": letter.title},
            "description": letter.text,
            "focus": {"type": "Questionnaire"},
            "instantiatesUri": letter.link,
            "requester": {"reference": "#sender", "type": "Organization"},
            "owner": {"type": "Patient", "identifier": {"system": system, "value": recipient.number}},
            "restriction": {"period": {"end": letter.closes_at.astimezone(OSLO).isoformat()}},
        }


def _code(answer: requests.Response) -> str:
    try:
        return str(body_of(answer)["issue"][0]["details"]["coding"][0]["code"])
    except (KeyError, IndexError, TypeError, OutsideUnavailable):
        return ""
