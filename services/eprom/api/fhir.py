"""For Helsenorge's filling service: the form behind a task as a Questionnaire, and the answers back (FHIR R4)."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint

from services.eprom.domain.errors import RuleBroken
from services.eprom.usecases.means import Means
from services.eprom.usecases.take_response import ANSWERED, OVER, form_of_task, take_response
from shared.forms.definition import Audience
from shared.forms.fhir import Fault, Reason, questionnaire
from shared.web.throttle import opened_by_key

FHIR_JSON = "application/fhir+json"
MOST_ISSUES = 100
FLAWS = "urn:registry:response-flaw"
_SCHEME = "Basic "
Issue = dict[str, Any]
# The code of R4's issue-type for each reason, and the sentence; neither says what was answered.
_SAID: Mapping[Reason, tuple[str, str]] = {
    Reason.UNKNOWN: ("structure", "there is no such element or question in this form"),
    Reason.PLACE: ("structure", "the question belongs to another item"),
    Reason.REPEATED: ("structure", "there are more items or answers than one, or than there may be"),
    Reason.HIDDEN: ("business-rule", "the question is answered and does not show"),
    Reason.REQUIRED: ("required", "an answer is needed here"),
    Reason.TYPE: ("value", "the value is not of the type that is asked for"),
    Reason.OPTION: ("code-invalid", "the value is none of those that are offered"),
    Reason.LIMIT: ("value", "the value is outside its limits"),
    Reason.CLOSED: ("business-rule", "the value is the receiver's own and cannot be another one"),
}
_CLOSED: Mapping[str, tuple[int, str, str]] = {
    "not_found": (404, "not-found", "no task of this identifier was handed over"),
    ANSWERED: (409, "conflict", "the form is answered already"),
    OVER: (410, "business-rule", "the form can no longer be answered"),
}
_OUTCOME = {"content": {FHIR_JSON: {"schema": {"type": "object", "title": "OperationOutcome"}}}}
_ANSWERS = {
    "401": {"description": "the key is missing or wrong", **_OUTCOME},
    "404": {"description": "no such task", **_OUTCOME},
    "409": {"description": "the form is answered already", **_OUTCOME},
    "410": {"description": "the form is stopped, or its time is over", **_OUTCOME},
    "429": {"description": "too many wrong keys from this address"},
}

fhir = Blueprint("fhir", __name__, url_prefix="/api/fhir", description="For Helsenorge's filling service, FHIR R4")


@fhir.route("/Task/<uuid:task_id>/$questionnaire", methods=["GET"])
@fhir.doc(summary="The form behind a task, as its Questionnaire", security=[], responses=_ANSWERS)
def give_questionnaire(task_id: uuid.UUID) -> ResponseReturnValue:
    """Give the form in the version that the order's course has; only while it can be answered."""
    if not _has_key():
        return _no_key()
    try:
        form = form_of_task(str(task_id), uow=_means().uow)
    except RuleBroken as broken:
        return _closed(broken)
    return _fhir(questionnaire(form, Audience.PATIENT), 200)


@fhir.route("/QuestionnaireResponse", methods=["POST"])
@fhir.doc(
    summary="Hand in what a patient has answered",
    security=[],
    requestBody={"content": {FHIR_JSON: {"schema": {"type": "object", "title": "QuestionnaireResponse"}}}},
    responses={
        "201": {"description": "the answers are final", **_OUTCOME},
        **_ANSWERS,
        "415": {"description": f"the body is not {FHIR_JSON}", **_OUTCOME},
        "422": {"description": "an issue for each flaw, with its place", **_OUTCOME},
    },
)
def hand_in_response() -> ResponseReturnValue:
    """Take the answers to a form, once; a response with a flaw is refused as a whole, and nothing of it is kept."""
    if not _has_key():
        return _no_key()
    if request.mimetype != FHIR_JSON:
        return _outcome(415, [_issue("not-supported", f"the body must be {FHIR_JSON}")])
    try:
        faults = take_response(request.get_json(silent=True), uow=_means().uow)
    except RuleBroken as broken:
        return _closed(broken)
    if faults:
        return _outcome(422, map(_flaw, faults[:MOST_ISSUES]))
    return _outcome(201, [_issue("informational", "the answers are taken", severity="information")])


def _means() -> Means:
    found: Means = current_app.extensions["eprom"]
    return found


def _has_key() -> bool:
    """Whether the filling service asks; an address that guesses at its key is turned away with TooMany."""
    header, key = request.headers.get("Authorization", ""), _means().helsenorge_key
    given = header.removeprefix(_SCHEME) if header.startswith(_SCHEME) else ""
    if not given or key is None:
        return False
    return opened_by_key(lambda: hmac.compare_digest(given.encode(), key.encode()) or None) is not None


def _no_key() -> Response:
    answer = _outcome(401, [_issue("login", "the key of the filling service is needed")])
    answer.headers["WWW-Authenticate"] = "Basic"
    return answer


def _closed(broken: RuleBroken) -> Response:
    """What is answered for a task that cannot be answered; other broken rules are the kit's to tell."""
    if broken.code not in _CLOSED:
        raise broken
    status, code, words = _CLOSED[broken.code]
    return _outcome(status, [_issue(code, words)])


def _flaw(fault: Fault) -> Issue:
    code, words = _SAID[fault.reason]
    issue = _issue(code, words)
    issue["details"]["coding"] = [{"system": FLAWS, "code": str(fault.reason)}]
    return {**issue, "expression": list(fault.places)}


def _issue(code: str, words: str, *, severity: str = "error") -> Issue:
    return {"severity": severity, "code": code, "details": {"text": words}}


def _outcome(status: int, issues: Iterable[Issue]) -> Response:
    return _fhir({"resourceType": "OperationOutcome", "issue": list(issues)}, status)


def _fhir(resource: Mapping[str, Any], status: int) -> Response:
    return Response(orjson.dumps(resource), status, content_type=f"{FHIR_JSON}; charset=utf-8")
