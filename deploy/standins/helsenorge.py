"""Helsenorge's Oppgave API: FHIR tasks to citizens who are active there."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, Response, json, request
from flask.typing import ResponseReturnValue

from deploy.standins.callers import require_scope
from deploy.standins.clients import TASKS
from deploy.standins.helsenorge_task import CheckedTask, check_task, fault
from deploy.standins.messages import Channel, Message, Repeat, note
from deploy.standins.parts import parts
from deploy.standins.persons import StandinPerson
from deploy.standins.refusals import Refused, remember_refusal
from deploy.standins.store import Transaction

helsenorge = Blueprint("helsenorge", __name__, url_prefix="/helsenorge/oppgave/v1")
_FHIR = "application/fhir+json"
_BY_ID, _BY_IDENTIFIER = "task", "task_identifier"
_ENDS = {"ready": {"cancelled", "completed", "in-progress"}, "in-progress": {"cancelled", "completed"}}


@helsenorge.errorhandler(Refused)
def as_outcome(refused: Refused) -> ResponseReturnValue:
    """Answer with a FHIR OperationOutcome."""
    remember_refusal(refused)
    coding = {"system": "http://helsenorge.no/fhir/feilkode", "code": refused.code}
    issue = {"severity": "error", "code": "invalid", "details": {"coding": [coding], "text": refused.reason}}
    answer = _fhir({"resourceType": "OperationOutcome", "issue": [issue]}, refused.status)
    answer.headers.update(refused.headers)
    return answer


@helsenorge.before_request
def check_caller() -> None:
    """Every request needs a token of HelseID with the scope for tasks."""
    require_scope(TASKS, issuers=("helseid",))
    if request.method in ("POST", "PUT") and request.mimetype != _FHIR:
        raise Refused(415, "2100", f"the body must be {_FHIR}")


@helsenorge.post("/Task")
def create() -> ResponseReturnValue:
    """Take a task and lay it in the citizen's inbox."""
    sent: Any = request.get_json(force=True, silent=True)
    task = check_task(sent)
    person = parts().people.by_number(task.number)
    if person is None:
        raise fault("FFK-010001", "nobody has this number", 404)
    if not parts().people.is_reached_on_helsenorge(person):
        raise fault("2118", "Pasienten er ikke digitalt aktiv for tjeneste: OmradeHelseregister")
    with parts().store.transaction() as transaction:
        resource = {**sent, "id": str(uuid.uuid4())}
        repeat = note(transaction, _BY_IDENTIFIER, task.identifier, sent, {"id": resource["id"]})
        if repeat is Repeat.NEW:
            transaction.put(_BY_ID, resource["id"], resource)
            parts().inbox.put(transaction, _message(task, person, resource["id"]))
            return _fhir(resource, 201)
        known = _known(transaction, task.identifier)
    if repeat is Repeat.OTHER:
        raise fault("2100", "the identifier was used for another task", 409)
    return _fhir(known)


@helsenorge.get("/Task/<task_id>")
def read(task_id: str) -> ResponseReturnValue:
    """Give one task."""
    with parts().store.reading() as transaction:
        return _fhir(_by_id(transaction, task_id))


@helsenorge.get("/Task")
def search() -> ResponseReturnValue:
    """Give the task with an identifier, in a Bundle."""
    with parts().store.reading() as transaction:
        noted = transaction.find(_BY_IDENTIFIER, request.args.get("identifier", ""))
        found = [_by_id(transaction, noted["answer"]["id"])] if noted else []
    entries = [{"resource": resource} for resource in found]
    return _fhir({"resourceType": "Bundle", "type": "searchset", "total": len(found), "entry": entries})


@helsenorge.put("/Task/<task_id>")
def change(task_id: str) -> ResponseReturnValue:
    """Take the new status of a task: cancelled, completed or in progress; nothing else may change."""
    given = request.get_json(force=True, silent=True)
    status = given.get("status") if isinstance(given, dict) else None
    with parts().store.transaction() as transaction:
        task = _by_id(transaction, task_id)
        if status != task["status"]:
            if status not in _ENDS.get(task["status"], set()):
                raise fault("2100", f"a task that is {task['status']} cannot become {status}", 409)
            task = {**task, "status": status}
            transaction.put(_BY_ID, task_id, task)
    return _fhir(task)


def task_identifier(task_id: str) -> str:
    """Return the sender's own identifier of a task, for the page on which it is answered; raises Refused."""
    with parts().store.reading() as transaction:
        return str(_by_id(transaction, task_id)["identifier"][0]["value"])


def complete_task(task_id: str) -> None:
    """Note that a task was answered here."""
    with parts().store.transaction() as transaction:
        transaction.put(_BY_ID, task_id, {**_by_id(transaction, task_id), "status": "completed"})


def _by_id(transaction: Transaction, task_id: str) -> dict[str, Any]:
    found = transaction.find(_BY_ID, task_id)
    if found is None:
        raise fault("2100", "no such task", 404)
    return found


def _known(transaction: Transaction, identifier: str) -> dict[str, Any]:
    noted = transaction.find(_BY_IDENTIFIER, identifier)
    return _by_id(transaction, noted["answer"]["id"]) if noted else {}


def _message(task: CheckedTask, person: StandinPerson, task_id: str) -> Message:
    alert = "Du har fått en ny oppgave på helsenorge.no."
    if not task.is_sender_hidden:
        alert = f"Du har fått en ny oppgave fra {task.sender} på helsenorge.no."
    return Message(
        channel=Channel.HELSENORGE,
        recipient=person.number,
        person_id=person.id,
        message_id=task.identifier.removeprefix("urn:uuid:"),
        title=task.title,
        text=task.text,
        links=(task.address,),
        more={"sender": task.sender, "deadline": task.ends_at, "alert": alert, "task_id": task_id},
    )


def _fhir(resource: dict[str, Any], status: int = 200) -> Response:
    answer = Response(json.dumps(resource), status, content_type=f"{_FHIR}; charset=utf-8")
    if status == 201:  # noqa: PLR2004 - created
        answer.headers["Location"] = f"{parts().settings.url}{request.path}/{resource['id']}"
    return answer
