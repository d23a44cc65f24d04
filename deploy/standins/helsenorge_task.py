"""What Helsenorge wants of a FHIR R4 Task to a citizen; each fault has Helsenorge's code."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from deploy.standins.numbers import is_d_number, is_valid
from deploy.standins.refusals import Refused
from deploy.standins.wording import health_word_in, national_number_in

AREA, SENSITIVE_SENDER = "urn:oid:2.16.578.1.12.4.1.1.7618", "http://helsenorge.no/fhir/sensitiv-avsender"
NUMBER_SYSTEM, D_NUMBER_SYSTEM = "urn:oid:2.16.578.1.12.4.1.4.1", "urn:oid:2.16.578.1.12.4.1.4.2"
ORGANISATION = "urn:oid:2.16.578.1.12.4.1.4.101"
_AREAS = frozenset("123456")
_FOCUS = frozenset({"Questionnaire", "Communication", "Task"})
_PRIORITIES = frozenset({"routine", "urgent", "asap", "stat"})
_FIELDS = (
    "resourceType id meta contained identifier instantiatesUri status intent priority code description focus "
    "for requester owner restriction authoredOn basedOn input language text extension"
)
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})
_LONGEST_TITLE, _LONGEST_TEXT = 100, 2000


@dataclass(frozen=True, kw_only=True)
class CheckedTask:
    """A task without faults."""

    identifier: str
    number: str
    title: str
    text: str
    address: str
    sender: str
    is_sender_hidden: bool
    ends_at: str


def check_task(task: Any) -> CheckedTask:
    """Return what the task says; raises Refused with the code of the first fault."""
    if not isinstance(task, dict) or task.get("resourceType") != "Task":
        raise fault("2100", "the body must be a FHIR Task as JSON")
    unknown = set(task) - set(_FIELDS.split())
    if unknown:
        raise fault("2100", f"unknown fields: {', '.join(sorted(unknown))}")
    security = _security(task)
    _check_focus(task)
    checked = CheckedTask(
        identifier=_identifier(task),
        number=_owner(task),
        title=_text(_of(task.get("code"), "text"), "code.text", _LONGEST_TITLE),
        text=_text(task.get("description"), "description", _LONGEST_TEXT),
        address=str(task["instantiatesUri"]),
        sender=_sender(task),
        is_sender_hidden=(SENSITIVE_SENDER, "1") in security,
        ends_at=_end(task),
    )
    _check_state(task)
    _check_words(checked)
    return checked


def fault(code: str, reason: str, status: int = 400) -> Refused:
    """Return a refusal with one of Helsenorge's codes."""
    return Refused(status, code, reason)


def _of(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _text(value: Any, name: str, longest: int) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > longest:
        raise fault("2100", f"{name} must be a text of at most {longest} signs")
    return value


def _security(task: dict[str, Any]) -> set[tuple[str, str]]:
    labels = _of(task.get("meta"), "security")
    found = {(str(_of(label, "system")), str(_of(label, "code"))) for label in labels or []}
    if len({code for system, code in found if system == AREA and code in _AREAS}) != 1:
        raise fault("2100", f"meta.security must name one service area of {AREA}")
    return found


def _identifier(task: dict[str, Any]) -> str:
    given = task.get("identifier")
    entries = given if isinstance(given, list) else []
    values = [str(_of(entry, "value")) for entry in entries if _of(entry, "system") == "urn:ietf:rfc:3986"]
    wanted = "identifier must hold one urn:uuid in system urn:ietf:rfc:3986"
    if len(values) != 1 or not values[0].startswith("urn:uuid:"):
        raise fault("2100", wanted)
    try:
        return f"urn:uuid:{uuid.UUID(values[0].removeprefix('urn:uuid:'))}"
    except ValueError as error:
        raise fault("2100", wanted) from error


def _check_focus(task: dict[str, Any]) -> None:
    if _of(task.get("focus"), "type") not in _FOCUS:
        raise fault("2109", f"focus.type must be one of {', '.join(sorted(_FOCUS))}")
    if not isinstance(task.get("instantiatesUri"), str):
        raise fault("2147", "instantiatesUri is missing")
    address = urlsplit(task["instantiatesUri"])
    is_local = address.scheme == "http" and address.hostname in _LOOPBACK
    if not address.hostname or (address.scheme != "https" and not is_local):
        raise fault("2174", "instantiatesUri must be https")


def _check_state(task: dict[str, Any]) -> None:
    if task.get("status") != "ready" or task.get("intent") != "proposal":
        raise fault("2100", "a new task has status ready and intent proposal")
    if task.get("priority", "routine") not in _PRIORITIES:
        raise fault("2100", "priority is none of FHIR's")


def _owner(task: dict[str, Any]) -> str:
    identifier = _of(task.get("owner"), "identifier")
    number = _of(identifier, "value")
    if _of(task.get("owner"), "type") != "Patient" or not isinstance(number, str) or not is_valid(number):
        raise fault("2100", "owner must be a Patient with a fødselsnummer or D-number")
    system = D_NUMBER_SYSTEM if is_d_number(number) else NUMBER_SYSTEM
    if _of(identifier, "system") != system:
        raise fault("2100", f"owner.identifier.system must be {system}")
    return number


def _sender(task: dict[str, Any]) -> str:
    reference = str(_of(task.get("requester"), "reference"))
    for entry in task.get("contained") or []:
        if f"#{_of(entry, 'id')}" != reference or _of(entry, "resourceType") != "Organization":
            continue
        numbers = [_of(identifier, "value") for identifier in _of(entry, "identifier") or []]
        if any(isinstance(number, str) and len(number) == 9 and number.isdigit() for number in numbers):  # noqa: PLR2004
            return _text(_of(entry, "name"), "contained Organization.name", _LONGEST_TITLE)
    raise fault("2100", "requester must point at a contained Organization with an organisation number")


def _end(task: dict[str, Any]) -> str:
    end = _of(_of(task.get("restriction"), "period"), "end")
    try:
        moment = datetime.fromisoformat(str(end))
    except ValueError as error:
        raise fault("2100", "restriction.period.end must be a moment") from error
    if moment.tzinfo is None:
        raise fault("2100", "restriction.period.end needs a time zone")
    return str(end)


def _check_words(task: CheckedTask) -> None:
    if any(national_number_in(text) for text in (task.title, task.text, task.address, task.sender)):
        raise fault("2190", "a national number stands in a text or in the address")
    shown = task.title if task.is_sender_hidden else f"{task.title} {task.sender}"
    word = health_word_in(shown)
    if word:
        raise fault("2190", f"what alerts may show tells of health, department or registry: {word}")
