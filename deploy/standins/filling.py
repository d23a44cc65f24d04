"""Helsenorge's own page for a form: a citizen may answer there instead of following the link in the task."""

from __future__ import annotations

from typing import Any

import requests
from flask import Blueprint, json, render_template, request
from flask.typing import ResponseReturnValue

from deploy.standins.clients import Client
from deploy.standins.filling_form import Element, Filling
from deploy.standins.helsenorge import complete_task, task_identifier
from deploy.standins.pages import refuse_foreign_posts
from deploy.standins.parts import parts
from deploy.standins.refusals import Refused, as_problem

filling = Blueprint("filling", __name__, url_prefix="/helsenorge-forms")
filling.register_error_handler(Refused, as_problem)
filling.before_request(refuse_foreign_posts)
FHIR_JSON, SENDER = "application/fhir+json", "eprom"
_TIMEOUT_SECONDS = (3.05, 20)
_TAKEN = 201


@filling.get("/<task_id>")
def form_page(task_id: str) -> ResponseReturnValue:
    """Show the form of a task; nothing is answered yet."""
    return _page(task_id, Filling(_questionnaire(task_identifier(task_id)), {}))


@filling.post("/<task_id>")
def fill_in(task_id: str) -> ResponseReturnValue:
    """Show what the answers have opened, or hand them in; what the sender says is wrong stands above the form."""
    identifier = task_identifier(task_id)
    form = Filling(_questionnaire(identifier), {name: request.form.getlist(name) for name in request.form})
    if request.form.get("_act") != "send":
        return _page(task_id, form)
    answer = _call("POST", "/QuestionnaireResponse", json.dumps(form.response(identifier)))
    if answer.status_code != _TAKEN:
        return _page(task_id, form, issues=_issues(answer)), 422
    complete_task(task_id)
    return render_template("standins/helsenorge_thanks.html")


def _page(task_id: str, form: Filling, issues: list[Element] | None = None) -> str:
    return render_template("standins/helsenorge_form.html", task_id=task_id, form=form, issues=issues or [])


def _questionnaire(identifier: str) -> Element:
    answer = _call("GET", f"/Task/{identifier.removeprefix('urn:uuid:')}/$questionnaire")
    if answer.status_code != requests.codes.ok:
        raise Refused(answer.status_code, "no_form", "; ".join(issue["details"]["text"] for issue in _issues(answer)))
    found: Element = answer.json()
    return found


def _call(method: str, path: str, body: str | None = None) -> requests.Response:
    """Ask the sender of the task; raises Refused while it is away."""
    sender: Client | None = parts().clients.find(SENDER)
    if sender is None or sender.address is None:
        raise Refused(404, "no_sender", "nobody is known who sends forms")
    key, address = parts().clients.filling_key(SENDER), f"{sender.address}/api/fhir{path}"
    headers = {"Authorization": f"Basic {key}", "Content-Type": FHIR_JSON}
    try:
        return parts().http.request(method, address, data=body, headers=headers, timeout=_TIMEOUT_SECONDS)
    except requests.RequestException as error:
        raise Refused(503, "sender_away", "the sender of the form does not answer") from error


def _issues(answer: requests.Response) -> list[Element]:
    """What the sender says is wrong; a receiver that answers otherwise is told as one issue."""
    try:
        found: Any = answer.json()
    except ValueError:
        found = {}
    other = [{"details": {"text": f"http {answer.status_code}"}, "expression": []}]
    return found.get("issue", other) if isinstance(found, dict) else other
