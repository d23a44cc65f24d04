"""Helsenorge takes tasks that are right for citizens who are there, each once."""

from __future__ import annotations

import copy
import uuid

import pytest

from deploy.standins.clients import TASKS

TASK = "/helsenorge/oppgave/v1/Task"
FHIR = "application/fhir+json"


def task_for(person, **changes):
    system = "urn:oid:2.16.578.1.12.4.1.4.2" if int(person.number[0]) >= 4 else "urn:oid:2.16.578.1.12.4.1.4.1"
    organisation = {"system": "urn:oid:2.16.578.1.12.4.1.4.101", "value": "983974724"}
    return {
        "resourceType": "Task",
        "contained": [
            {"resourceType": "Organization", "id": "r", "name": "Helse Bergen HF", "identifier": [organisation]}
        ],
        "meta": {"security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7618", "code": "1"}]},
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{uuid.uuid4()}"}],
        "status": "ready",
        "intent": "proposal",
        "code": {"text": "Du har fått et skjema"},
        "description": "Vi ber deg svare innen fristen.",
        "focus": {"type": "Questionnaire"},
        "instantiatesUri": "https://eprom.example/s/abc",
        "requester": {"reference": "#r", "type": "Organization"},
        "owner": {"type": "Patient", "identifier": {"system": system, "value": person.number}},
        "restriction": {"period": {"end": "2026-12-01T23:59:59+01:00"}},
        **changes,
    }


def post(world, task, **more):
    return world.http.post(TASK, json=task, headers=world.bearer("eprom", TASKS), content_type=FHIR, **more)


def code_of(answer):
    return answer.json["issue"][0]["details"]["coding"][0]["code"]


def test_a_task_lies_in_the_citizens_inbox_with_its_link(world):
    person = world.person("Granlid")
    answer = post(world, task_for(person))

    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(answer.json["id"])
    (message,) = world.inbox(to=person.number)
    assert (message["channel"], message["title"]) == ("helsenorge", "Du har fått et skjema")
    assert message["links"] == ["https://eprom.example/s/abc"]
    assert message["alert"] == "Du har fått en ny oppgave fra Helse Bergen HF på helsenorge.no."


def test_a_hidden_sender_is_not_named_in_the_alert(world):
    person = world.person("Granlid")
    task = task_for(person)
    task["meta"]["security"].append({"system": "http://helsenorge.no/fhir/sensitiv-avsender", "code": "1"})
    task["contained"][0]["name"] = "Smerteklinikken"
    assert post(world, task).status_code == 201
    assert "Smerte" not in world.inbox(to=person.number)[0]["alert"]


def test_the_same_task_again_changes_nothing(world):
    person = world.person("Granlid")
    task = task_for(person)
    first, again = post(world, task), post(world, task)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"]
    assert len(world.inbox(to=person.number)) == 1
    assert post(world, {**task, "description": "Noe annet"}).status_code == 409


@pytest.mark.parametrize("name", ["Steinvik", "Myrtveit", "Fjellstrand", "Havnås", "Bjørkmo", "Selje"])
def test_people_who_are_not_active_are_refused_so_that_the_next_channel_is_tried(world, name):
    answer = post(world, task_for(world.person(name)))
    assert (answer.status_code, code_of(answer)) == (400, "2118")
    assert not world.inbox(to=world.person(name).number)


def test_unknown_people_are_not_found(world):
    task = task_for(world.person("Granlid"))
    task["owner"]["identifier"]["value"] = "30908299902"
    answer = post(world, task)
    assert (answer.status_code, code_of(answer)) == (404, "FFK-010001")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"focus": {}}, "2109"),
        ({"focus": {"type": "Patient"}}, "2109"),
        ({"instantiatesUri": None}, "2147"),
        ({"instantiatesUri": "http://eprom.example/s"}, "2174"),
        ({"instantiatesUri": "skjema"}, "2174"),
        ({"status": "requested"}, "2100"),
        ({"intent": "order"}, "2100"),
        ({"priority": "soon"}, "2100"),
        ({"meta": {}}, "2100"),
        ({"identifier": []}, "2100"),
        ({"identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:17"}]}, "2100"),
        ({"code": {}}, "2100"),
        ({"description": ""}, "2100"),
        ({"contained": []}, "2100"),
        ({"requester": {"reference": "#x"}}, "2100"),
        ({"restriction": {"period": {"end": "2026-12-01T23:59:59"}}}, "2100"),
        ({"owner": {"type": "Practitioner"}}, "2100"),
        ({"resourceType": "Communication"}, "2100"),
        ({"note": [{"text": "x"}]}, "2100"),
        ({"code": {"text": "Smerteregisteret ber deg svare"}}, "2190"),
        ({"code": {"text": "Skjema fra Avdeling for anestesi"}}, "2190"),
        ({"description": "Gjelder 17855749815"}, "2190"),
        ({"instantiatesUri": "https://eprom.example/?fnr=17855749815"}, "2190"),
    ],
)
def test_tasks_with_a_fault_are_refused_with_its_code(world, changes, code):
    task = copy.deepcopy(task_for(world.person("Granlid"))) | changes
    answer = post(world, task)
    assert (answer.status_code, code_of(answer)) == (400, code)
    assert answer.json["issue"][0]["details"]["text"]


def test_a_local_address_may_be_http_in_the_demo(world):
    person = world.person("Granlid")
    assert post(world, task_for(person, instantiatesUri="http://localhost:8000/eprom/s/1")).status_code == 201


def test_a_sender_that_tells_too_much_must_be_hidden(world):
    task = task_for(world.person("Granlid"))
    task["contained"][0]["name"] = "Smerteklinikken"
    assert code_of(post(world, task)) == "2190"


def test_the_wrong_number_system_is_refused(world):
    task = task_for(world.person("Granlid"))
    task["owner"]["identifier"]["system"] = "urn:oid:2.16.578.1.12.4.1.4.2"
    assert code_of(post(world, task)) == "2100"


def test_a_task_is_found_again_and_called_back(world):
    made = post(world, task_for(world.person("Granlid"))).json
    token = world.bearer("eprom", TASKS)
    found = world.http.get(TASK, query_string={"identifier": made["identifier"][0]["value"]}, headers=token).json
    assert found["entry"][0]["resource"]["id"] == made["id"]

    def change(status):
        body = {**made, "status": status}
        return world.http.put(f"{TASK}/{made['id']}", json=body, headers=token, content_type=FHIR).status_code

    assert [change("cancelled"), change("cancelled"), change("ready"), change("completed")] == [200, 200, 409, 409]
    assert world.http.get(f"{TASK}/{made['id']}", headers=token).json["status"] == "cancelled"


def test_the_body_must_be_fhir_and_the_token_helseids(world):
    task = task_for(world.person("Granlid"))
    assert world.http.post(TASK, json=task, headers=world.bearer("eprom", TASKS)).status_code == 415
    foreign = world.maskinporten("eprom", "krr:global/kontaktinformasjon.read")
    assert world.http.post(TASK, json=task, headers=foreign, content_type=FHIR).status_code == 401
    assert world.http.get(f"{TASK}/unknown", headers=world.bearer("eprom", TASKS)).status_code == 404
