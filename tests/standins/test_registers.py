"""Population and contact register tell what the real ones tell, and refuse what they refuse."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from deploy.standins.clients import CONTACT, MAILBOX, POPULATION

PARTS = (
    "Name,Gender,Birth,Death,Status,AddressProtection,ResidentialAddress,NorwegianIdentificationNumber,"
    "CommonContactRegisterInformation"
)
PERSON, EVENT = "/population/api/legal-basis/person", "/population/api/legal-basis/event"
KRR = "/krr/rest/v2/personer"


def tell(world, name, *, parts=PARTS, history="false"):
    query = {"informationParts": parts, "includeHistory": history}
    answer = world.http.post(
        f"{PERSON}/get-by-nin", query_string=query, data={"nin": world.person(name).number}, headers=headers(world)
    )
    assert answer.status_code == 200, answer.text
    return answer.json


def headers(world):
    return world.bearer("registration", POPULATION) | {"api-version": "2"}


def events(world, first=0, **more):
    query = {"sequenceNumber": first, **more}
    return world.http.get(EVENT, query_string=query, headers=headers(world)).json["results"]


def test_a_person_is_told_in_the_real_services_words(world):
    told = tell(world, "Granlid")

    assert told["name"][0] | {"givenName": "Kari", "familyName": "Granlid"} == told["name"][0]
    assert told["gender"][0]["gender"] == "Female"
    assert told["birth"][0]["birthDate"].startswith("1957-05-17T")
    assert told["death"] is None
    assert told["status"][0]["status"] == "Resident"
    assert told["norwegianIdentificationNumber"][0]["identificationNumberType"] == "NationalIdentityNumber"
    street = told["residentialAddress"][0]["streetAddress"]
    assert (street["municipalityNumber"], street["city"]["postalCode"]) == ("4601", "5003")
    assert told["commonContactRegisterInformation"]["notificationStatus"] == "CanBeNotified"


def test_only_the_parts_asked_for_are_told(world):
    assert set(tell(world, "Granlid", parts="Name")) == {"id", "sequenceNumber", "name"}


@pytest.mark.parametrize(
    ("name", "level", "addresses"),
    [("Tangerud", "Confidential", 1), ("Nordskog", "StrictlyConfidential", 0)],
)
def test_protected_addresses_come_with_their_level_or_not_at_all(world, name, level, addresses):
    told = tell(world, name)
    assert told["addressProtection"][0]["protectionLevel"] == level
    assert [entry["addressConfidentiality"] for entry in told["residentialAddress"]] == [level] * addresses


def test_the_dead_have_a_day_of_death_and_a_status(world):
    told = tell(world, "Selje")
    assert told["death"]["deceasedDate"].startswith("2026-08-30T")
    assert [entry["status"] for entry in told["status"]] == ["Deceased"]
    assert [entry["isValid"] for entry in tell(world, "Selje", history="true")["status"]] == [False, True]


def test_a_d_number_is_named_as_one(world):
    assert tell(world, "Lundqvåg")["norwegianIdentificationNumber"][0]["identificationNumberType"] == "DNumber"


def test_a_death_and_a_new_name_are_events_in_order(world):
    person = world.person("Kvernmo")
    assert world.http.get(f"{EVENT}/latest", headers=headers(world)).status_code == 404
    world.http.post(f"/people/{person.id}/death", data={"on": "2026-11-20"})
    world.http.post(f"/people/{person.id}/name", data={"family_name": "Nyheim"})

    found = events(world)
    assert [event["eventType"] for event in found] == ["PersonIsDeceased", "ChangeInDeath", "ChangeInName"]
    assert {event["personId"] for event in found} == {person.id}
    assert [event["sequenceNumber"] for event in events(world, 2)] == ["2", "3"]
    assert [event["sequenceNumber"] for event in events(world, eventTypes="ChangeInName")] == ["3"]
    assert world.http.get(f"{EVENT}/latest", headers=headers(world)).json["sequenceNumber"] == "3"
    names = tell(world, "Nyheim", history="true")["name"]
    assert [(entry["familyName"], entry["isValid"]) for entry in names] == [("Kvernmo", False), ("Nyheim", True)]


def test_many_are_told_at_once_and_unknown_ones_left_out(world):
    people = [world.person("Granlid"), world.person("Steinvik")]
    given = {"informationParts": "Name"}
    numbers = {"nins": [*(person.number for person in people), "30908299902"]}
    by_number = world.http.post(f"{PERSON}/bulk-by-nin", query_string=given, data=numbers, headers=headers(world)).json
    ids = {"personIds": [person.id for person in people]}
    by_id = world.http.post(f"{PERSON}/bulk-by-id", query_string=given, data=ids, headers=headers(world)).json
    assert [told["id"] for told in by_number] == [told["id"] for told in by_id] == ids["personIds"]


@pytest.mark.parametrize(
    ("path", "form", "changes", "status"),
    [
        ("get-by-nin?informationParts=Name", {"nin": "30908299902"}, {}, 404),
        ("get-by-nin?informationParts=Name", {"nin": "17855749816"}, {}, 400),
        ("get-by-nin?informationParts=Name", {"number": "1"}, {}, 400),
        ("get-by-nin", {"nin": "17855749815"}, {}, 400),
        ("get-by-nin?informationParts=Secrets", {"nin": "17855749815"}, {}, 400),
        ("get-by-nin?informationParts=Name", {"nin": "17855749815"}, {"api-version": "1"}, 400),
        ("get-by-nin?informationParts=Name", {"nin": "17855749815"}, {"Authorization": "Bearer x"}, 401),
        ("get-by-nin?informationParts=Name", {"nin": "17855749815"}, {"Authorization": ""}, 401),
        ("bulk-by-nin?informationParts=Name", {"nins": ["17855749815"] * 101}, {}, 400),
        ("bulk-by-nin?informationParts=Name", {"nin": "1"}, {}, 400),
    ],
)
def test_look_ups_that_do_not_fit_are_refused(world, path, form, changes, status):
    answer = world.http.post(f"{PERSON}/{path}", data=form, headers=headers(world) | changes)
    assert answer.status_code == status
    assert answer.json["code"]


def test_a_number_in_the_address_is_refused_and_not_kept(world):
    answer = world.http.get(f"{PERSON}/17855749815?informationParts=Name", headers=headers(world))
    assert answer.status_code == 400
    assert "17855749815" not in str(world.requests("population"))


def test_json_is_not_taken_where_the_real_service_wants_a_form(world):
    answer = world.http.post(f"{PERSON}/get-by-nin?informationParts=Name", json={"nin": "1"}, headers=headers(world))
    assert answer.status_code == 415


def test_a_token_for_something_else_is_refused(world):
    token = world.maskinporten("registration", CONTACT) | {"api-version": "2"}
    form = {"nin": world.person("Granlid").number}
    assert world.http.post(f"{PERSON}/get-by-nin?informationParts=Name", data=form, headers=token).status_code == 403


def contact(world, *names, scopes=(CONTACT, MAILBOX), numbers=None):
    wanted = numbers or [world.person(name).number for name in names]
    token = world.maskinporten("eprom", *scopes)
    return world.http.post(KRR, json={"personidentifikatorer": wanted}, headers=token)


@pytest.mark.parametrize(
    ("name", "status", "reserved", "notified", "fields"),
    [
        ("Granlid", "AKTIV", "NEI", "KAN_VARSLES", {"epostadresse", "mobiltelefonnummer"}),
        ("Ospedal", "AKTIV", "NEI", "KAN_VARSLES", {"mobiltelefonnummer"}),
        ("Fjellstrand", "IKKE_REGISTRERT", "NEI", "KAN_IKKE_VARSLES", set()),
        ("Havnås", "AKTIV", "JA", "KAN_IKKE_VARSLES", {"epostadresse", "mobiltelefonnummer"}),
        ("Bjørkmo", "AKTIV", "NEI", "KAN_IKKE_VARSLES", {"epostadresse", "mobiltelefonnummer"}),
        ("Selje", "IKKE_REGISTRERT", "NEI", "KAN_IKKE_VARSLES", set()),
    ],
)
def test_the_contact_register_tells_how_people_can_be_reached(world, name, status, reserved, notified, fields):
    told = contact(world, name).json["personer"][0]
    assert (told["status"], told["reservasjon"], told["varslingsstatus"]) == (status, reserved, notified)
    assert set(told.get("kontaktinformasjon", {})) & {"epostadresse", "mobiltelefonnummer"} == fields


def test_moments_come_in_both_of_the_registers_forms(world):
    information = contact(world, "Granlid").json["personer"][0]["kontaktinformasjon"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT10:14:52\+02", information["epostadresse_oppdatert"])
    assert information["epostadresse_sist_verifisert"].endswith(".123Z")


def test_fields_follow_the_scopes(world):
    assert "digital_post" not in contact(world, "Steinvik", scopes=(CONTACT,)).json["personer"][0]
    only_mailbox = contact(world, "Steinvik", scopes=(MAILBOX,)).json["personer"][0]
    assert only_mailbox["digital_post"]["postkasseleverandoeradresse"] == "984661185"
    assert "kontaktinformasjon" not in only_mailbox


def test_moving_the_clock_lets_contact_data_expire(world):
    assert contact(world, "Granlid").json["personer"][0]["varslingsstatus"] == "KAN_VARSLES"
    world.clock.move(timedelta(days=560))
    assert contact(world, "Granlid").json["personer"][0]["varslingsstatus"] == "KAN_IKKE_VARSLES"


@pytest.mark.parametrize("numbers", [["17855749816"], [17855749815], "17855749815", ["17855749815"] * 1001])
def test_lists_that_do_not_fit_are_refused(world, numbers):
    assert contact(world, numbers=numbers).status_code == 400


def test_the_contact_register_wants_a_maskinporten_token_and_json(world):
    token = world.maskinporten("eprom", CONTACT)
    assert world.http.post(KRR, json={"personidentifikatorer": []}, headers=token).status_code == 400
    assert world.http.post(KRR, data={"personidentifikatorer": "1"}, headers=token).status_code == 415
    assert world.http.post(KRR, json={}, headers=world.bearer("registration", POPULATION)).status_code == 401


def test_unknown_but_valid_numbers_are_not_registered(world):
    told = contact(world, numbers=["30908299902"]).json["personer"][0]
    assert told == {
        "personidentifikator": "30908299902",
        "reservasjon": "NEI",
        "status": "IKKE_REGISTRERT",
        "varslingsstatus": "KAN_IKKE_VARSLES",
    }


def test_parental_responsibility_is_told_in_the_child_s_document_until_it_is_lost(world):
    child, parent = world.person("Solbakk"), world.person("Tangerud")
    before = tell(world, "Solbakk", parts="ParentalResponsibility")["parentalResponsibility"]
    assert [(one["responsibilityType"], one["responsible"]) for one in before] == [("Mother", parent.number)]

    given = {"number": parent.number, "on": "2026-11-20"}
    assert world.http.post(f"/people/{child.id}/responsibility", data=given).status_code == 303
    assert tell(world, "Solbakk", parts="ParentalResponsibility")["parentalResponsibility"] == []
    history = tell(world, "Solbakk", parts="ParentalResponsibility", history="true")["parentalResponsibility"]
    assert [one["isValid"] for one in history] == [False, False]
    assert events(world)[-1]["eventType"] == "ChangeInParentalResponsibility"


def test_nobody_loses_what_nobody_has(world):
    child, stranger = world.person("Solbakk"), world.person("Granlid")
    given = {"number": stranger.number, "on": "2026-11-20"}

    assert world.http.post(f"/people/{child.id}/responsibility", data=given).status_code == 400
