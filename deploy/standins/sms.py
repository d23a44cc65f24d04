"""An SMS gateway: takes each id once and refuses what must not be sent in the open."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, g, jsonify, request
from flask.typing import ResponseReturnValue

from deploy.standins.callers import require_basic
from deploy.standins.messages import Channel, Message, Repeat, note
from deploy.standins.parts import parts
from deploy.standins.persons import Part, StandinPerson
from deploy.standins.refusals import Refused, as_problem
from deploy.standins.wording import health_word_in, links_in, national_number_in

sms = Blueprint("sms", __name__, url_prefix="/sms")
sms.register_error_handler(Refused, as_problem)
_MOBILE = re.compile(r"\+47[49]\d{7}")
_LONGEST_TEXT, _LONGEST_SENDER = 459, 11
_FIELDS = frozenset({"id", "to", "text", "sender"})
KIND = "sms"


@sms.post("/messages")
def send() -> ResponseReturnValue:
    """Take a text message."""
    require_basic()
    body = _checked(request.get_json(silent=True))
    person = parts().people.by_mobile(body["to"])
    _check_text(body["text"], person)
    message = Message(
        channel=Channel.SMS,
        recipient=body["to"],
        message_id=body["id"],
        title="",
        text=body["text"],
        links=links_in(body["text"]),
        person_id=person.id if person else None,
        more={"sender": body.get("sender", ""), "client": g.client},
    )
    with parts().store.transaction() as transaction:
        repeat = note(transaction, KIND, body["id"], body, {})
        if repeat is Repeat.NEW:
            parts().inbox.put(transaction, message)
    if repeat is Repeat.OTHER:
        raise Refused(409, "id_used", "this id was used for another message")
    status = "accepted" if repeat is Repeat.NEW else "duplicate"
    return jsonify(id=body["id"], status=status), 202 if repeat is Repeat.NEW else 200


@sms.get("/messages/<message_id>")
def status(message_id: str) -> ResponseReturnValue:
    """Tell what became of a message."""
    require_basic()
    with parts().store.reading() as transaction:
        if transaction.find(KIND, message_id) is None:
            raise Refused(404, "not_found", "no message has this id")
    return jsonify(id=message_id, status="delivered")


def _checked(body: Any) -> dict[str, str]:
    if not isinstance(body, dict) or not set(body) <= _FIELDS or not {"id", "to", "text"} <= set(body):
        raise Refused(400, "bad_request", "JSON with id, to, text and perhaps sender is needed")
    if not all(isinstance(value, str) and value.strip() for value in body.values()):
        raise Refused(400, "bad_request", "every field is a text and none is empty")
    if not _MOBILE.fullmatch(body["to"]):
        raise Refused(400, "invalid_number", "to must be a Norwegian mobile number, +47 and eight digits")
    if len(body["text"]) > _LONGEST_TEXT:
        raise Refused(400, "text_too_long", f"a text has at most {_LONGEST_TEXT} signs")
    if len(body.get("sender", "")) > _LONGEST_SENDER:
        raise Refused(400, "bad_request", f"a sender has at most {_LONGEST_SENDER} signs")
    return body


def _check_text(text: str, person: StandinPerson | None) -> None:
    if national_number_in(text):
        raise Refused(400, "national_number_in_text", "the text holds a national number")
    word = health_word_in(text) if person and person.part is Part.PATIENT else None
    if word:
        raise Refused(400, "health_word_in_text", f"the text tells of health, department or registry: {word}")
