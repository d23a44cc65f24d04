"""Helsenorge's filling service fetches a form and hands in answers, which are then as final as those from our pages."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import timedelta
from itertools import count

import pytest

from services.eprom.api.fhir import FHIR_JSON
from services.eprom.store.tables import CourseRow
from services.eprom.usecases.answer_form import decline_form, save_answers
from services.eprom.usecases.messages import send_asked
from services.eprom.usecases.note_sending import message_id_of
from services.eprom.usecases.patient_form import PatientForm
from shared.forms.catalogue import registry
from shared.forms.definition import Audience
from shared.forms.fhir import questionnaire
from shared.web.throttle import KEY_WINDOW
from tests.eprom.outside_site import OutsideSite
from tests.eprom.site import KARI, OLA, Site
from tests.shared.forms.responses import answered, item_of, response_to

pytestmark = pytest.mark.req("EPR-01", "EPR-15")
FORM = registry("smertereg").form("pasreg")
COURSES = count(1)
SITE = OutsideSite  # of the tests on both databases


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fhir")
    made = Site(folder, f"sqlite:///{folder}/eprom.sqlite")
    yield made
    made.close()


def key(site):
    return {"Authorization": f"Basic {site.means.helsenorge_key}"}


def task_of(order_id, kind="first"):
    return message_id_of(order_id, kind)


def based_on(order_id, form=FORM, **changes):
    """The right response to an order."""
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{task_of(order_id)}"}
    return {**deepcopy(response_to(form)), "basedOn": [{"type": "ServiceRequest", "identifier": identifier}], **changes}


def post(site, response, kind=FHIR_JSON, **headers):
    body = response if isinstance(response, bytes) else json.dumps(response)
    client = site.app.test_client()
    return client.post(
        "/api/fhir/QuestionnaireResponse", data=body, content_type=kind, headers={**key(site), **headers}
    )


def fetch(site, task_id, headers=None):
    client = site.app.test_client()
    return client.get(f"/api/fhir/Task/{task_id}/$questionnaire", headers=key(site) if headers is None else headers)


def outcome(answer):
    """What an answer says is wrong: the code and the places of each issue."""
    assert (answer.mimetype, answer.json["resourceType"]) == (FHIR_JSON, "OperationOutcome")
    return [(issue["code"], issue.get("expression", [])) for issue in answer.json["issue"]]


def sent(site, pid=KARI, form="pasreg"):
    """An order that lies with its person, without the wait for the next dispatch."""
    order_id = site.order(pid, form, next(COURSES))
    with site.uow() as store:
        send_asked(store, order_id)
    site.work_until(site.clock.now())
    return order_id


def test_answers_from_helsenorge_are_stored_as_those_of_the_pages(site):
    order_id = sent(site)
    answer = post(site, based_on(order_id))
    assert (answer.status_code, outcome(answer)) == (201, [("informational", [])])

    own = PatientForm(FORM, answered(FORM), site.clock.now().date(), "nb").submitted()
    row, event = site.row(order_id), site.events()[-1]
    assert (row.state, row.link_hash, site.answers(order_id).document) == ("answered", None, own)
    assert (event.order_id, event.definition_version, event.answered_at) == (order_id, 1, site.clock.now())
    fetched = site.visitor().get(f"/api/answers/{order_id}", headers=site.bearer("registration")).json
    assert (fetched["document"], fetched["definition_version"]) == (own, 1)


def test_what_was_begun_on_our_pages_gives_way(site):
    order_id = sent(site)
    begun = FORM.read_values({"sleep_before_admission": 4}, FORM.new_for_patient()).document
    save_answers(order_id, lambda _: begun, definition_version=1, uow=site.uow)
    assert post(site, based_on(order_id)).status_code == 201
    assert (
        site.answers(order_id).document["answers"]["sleep_before_admission"]
        == answered(FORM)["answers"]["sleep_before_admission"]
    )


def test_it_is_told_when_a_parent_has_answered(site):
    by_patient, by_parent = sent(site), sent(site)
    assert post(site, based_on(by_patient, source={"type": "Patient"})).status_code == 201
    assert post(site, based_on(by_parent, source={"type": "RelatedPerson"})).status_code == 201
    assert [site.answers(one).filled_out_by for one in (by_patient, by_parent)] == ["patient", "parent"]


def test_another_registry_hears_of_answers_from_helsenorge(both):
    order_id = both.ordered()
    both.work()
    assert post(both, based_on(order_id)).status_code == 201
    assert post(both, based_on(order_id)).status_code == 409
    both.work()

    assert both.orderer.statuses == ["Ordered", "Completed"]
    told = json.loads(both.orderer.heard[-1]["formData"])
    assert told["sleep_before_admission"] == answered(FORM)["answers"]["sleep_before_admission"]
    assert both.answers(order_id) is None


def test_a_second_response_is_refused_and_changes_nothing(site):
    order_id = sent(site)
    assert post(site, based_on(order_id)).status_code == 201
    events, kept = len(site.events()), site.answers(order_id).document
    again = post(site, based_on(order_id))
    assert (again.status_code, outcome(again)) == (409, [("conflict", [])])
    assert (len(site.events()), site.answers(order_id).document) == (events, kept)
    assert fetch(site, task_of(order_id)).status_code == 409


def test_a_form_that_is_over_is_gone(site):
    stopped, late = sent(site), sent(site)
    decline_form(stopped, schedules=site.means.schedules, uow=site.uow)
    assert post(site, based_on(stopped)).status_code == 410
    site.work_until(site.clock.now() + timedelta(days=3, hours=12))
    assert fetch(site, task_of(late, "reminder")).status_code == 200
    site.clock.move(timedelta(days=4))
    answer = post(site, based_on(late))
    assert (answer.status_code, outcome(answer)) == (410, [("business-rule", [])])
    assert site.answers(late) is None


def test_only_tasks_that_helsenorge_has_got_are_answered(site):
    by_digipost, waiting = sent(site, OLA), site.order(KARI, "pasreg", next(COURSES))
    for order_id in (by_digipost, waiting):
        assert post(site, based_on(order_id)).status_code == 404
        assert fetch(site, task_of(order_id)).status_code == 404
    assert fetch(site, "0b8f6c3f-3a0a-4a9b-9111-0a3c5d1e64f7").status_code == 404


def test_the_form_is_shown_in_the_version_of_its_course(site):
    order_id = sent(site, form="hads")
    assert fetch(site, task_of(order_id)).json["version"] == "3"
    old, new = (registry("smertereg").form("hads", version) for version in (2, 3))
    with site.database.transaction() as session:
        session.add(
            CourseRow(
                course_id=site.row(order_id).course_id, pid=KARI, registry_key="smertereg", organisation=100082,
                definitions_on=old.definition.published_on, finalised={}, closed=[], is_stopped=False,
            )
        )  # fmt: skip

    answer = fetch(site, task_of(order_id))
    assert (answer.status_code, answer.mimetype) == (200, FHIR_JSON)
    assert answer.json == json.loads(json.dumps(questionnaire(old, Audience.PATIENT)))
    assert outcome(post(site, based_on(order_id, new))) == [("code-invalid", ["QuestionnaireResponse.questionnaire"])]
    assert post(site, based_on(order_id, old)).status_code == 201
    assert site.answers(order_id).definition_version == 2


@pytest.mark.req("GEN-06")
def test_the_log_says_that_the_form_was_shown(site):
    order_id = sent(site)
    fetch(site, task_of(order_id))
    entry = site.log()[-1]
    assert (entry.actor, entry.role, entry.reason) == ("service:helsenorge", "system", "show_form")
    assert (entry.pid, entry.object) == (KARI, "form:pasreg")


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic ", "Basic wrong", "Bearer {key}", "{key}", "Basic {key}x", "Basic æ"]
)
def test_without_the_key_nobody_gets_in(site, header):
    headers = {"Authorization": header.format(key=site.means.helsenorge_key).encode()}
    answer = post(site, {}, **headers)
    assert (answer.status_code, outcome(answer), answer.headers["WWW-Authenticate"]) == (401, [("login", [])], "Basic")
    assert fetch(site, task_of("x"), headers).status_code == 401


@pytest.mark.req("OPS-06")
def test_who_guesses_at_the_key_is_turned_away(site):
    guesses = [fetch(site, task_of("x"), {"Authorization": f"Basic {number}"}).status_code for number in range(21)]
    assert guesses == [401] * 20 + [429]
    assert fetch(site, task_of("x")).status_code == 429
    site.clock.move(KEY_WINDOW)
    assert fetch(site, task_of("x")).status_code == 404


def test_keys_of_other_systems_open_nothing(site):
    for headers in (site.bearer("registration"), {"Authorization": f"Basic {site.means.national_key}"}):
        assert post(site, {}, **headers).status_code == 401


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"basedOn": []}, ["QuestionnaireResponse.basedOn"]),
        ({"basedOn": None}, ["QuestionnaireResponse.basedOn"]),
        (
            {"basedOn": [{"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:17"}}]},
            ["QuestionnaireResponse.basedOn"],
        ),
        ({"basedOn": [{"identifier": {"value": "x"}}] * 2}, ["QuestionnaireResponse.basedOn"]),
        (
            {"status": "in-progress", "author": {"display": "Kari"}},
            ["QuestionnaireResponse.author", "QuestionnaireResponse.status"],
        ),
        ({"item": [{"linkId": "section.sleep"}]}, None),
    ],
)
def test_each_flaw_is_an_issue_with_its_place(site, order_id, changes, places):
    answer = post(site, based_on(order_id, **changes))
    found = [place for _, expressions in outcome(answer) for place in expressions]
    assert answer.status_code == 422
    assert found == (places or found)
    assert site.row(order_id).state == "sent"


@pytest.fixture(scope="module")
def order_id(site):
    """An order that stays open."""
    return sent(site)


@pytest.mark.req("GEN-04")
def test_no_answer_is_echoed_and_none_is_kept(site, order_id):
    response = based_on(order_id, subject={"identifier": {"value": "17855749815"}})
    item_of(response, "sleep_before_admission")["answer"] = [{"valueString": "geheim 17855749815"}]
    response["item"].append({"linkId": "17855749815", "answer": [{"valueString": "geheim"}]})
    answer = post(site, response)
    assert answer.status_code == 422
    assert [word for word in ("geheim", "17855749815") if word in answer.text] == []
    assert site.answers(order_id) is None


def test_an_outcome_is_read_by_a_library_for_the_standard(site, order_id):
    from fhir.resources.R4B.operationoutcome import OperationOutcome

    answer = post(site, based_on(order_id, item=[{"linkId": "tea"}]))
    found = OperationOutcome.model_validate_json(answer.data)
    assert {issue.details.coding[0].code for issue in found.issue} == {"unknown", "required"}


def test_what_is_no_fhir_is_refused(site, order_id):
    right = based_on(order_id)
    assert [post(site, right, kind).status_code for kind in ("application/json", "text/plain", "")] == [415] * 3
    assert post(site, b"{").status_code == 400
    assert post(site, b'{"item": NaN}').status_code == 400
    assert post(site, b"[" * 50_000 + b"]" * 50_000).status_code == 400
    assert post(site, [right]).status_code == 422
    assert post(site, {**right, "language": "x" * 300_000}).status_code == 413


def test_the_page_of_the_interface_tells_of_it(site):
    paths = site.visitor().get("/api/openapi.json").json["paths"]
    taken = paths["/api/fhir/QuestionnaireResponse"]["post"]
    assert {"201", "401", "409", "410", "422"} <= taken["responses"].keys()
    assert FHIR_JSON in taken["requestBody"]["content"]
