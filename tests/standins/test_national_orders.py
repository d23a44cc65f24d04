"""The national ePROM takes orders as the real one does, and refuses what the real one refuses."""

from __future__ import annotations

import pytest

from deploy.standins.national_codes import NOBODY
from tests.standins.national import DRAFT, HADS, PASREG, WITHDRAWN, Orderer

ADDRESS = {"fullName": "Kari", "addressLine1": "Vei 1", "postalCode": "0001", "postalPlace": "Oslo"}


@pytest.fixture
def orderer(world):
    return Orderer(world)


def test_an_order_is_echoed_with_an_id_and_the_channel_that_is_liked_best(orderer):
    body = orderer.body()
    answer = orderer.post(body).json

    assert {name: answer[name] for name in body} == body
    assert (answer["notificationChannel"], answer["singleUseCode"]) == (1, None)
    assert answer["loginUrl"].endswith(answer["id"])
    assert answer["id"] != NOBODY


@pytest.mark.parametrize("header", ["", "Basic", "Basic wrong", "Bearer {key}", "{key}"])
def test_the_key_stands_as_it_is_after_basic(orderer, header):
    answer = orderer.post(orderer.body(), Authorization=header.format(key=orderer.key))

    assert answer.status_code == 401
    assert not orderer.world.http.get("/national-orders/all.json").json["orders"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"formId": DRAFT}, "not published"),
        ({"formId": WITHDRAWN}, "not published"),
        ({"formId": "3b7c1e52-90d4-4c8a-9d0e-000000000000"}, "no form"),
        ({"formId": "pasreg"}, "no GUID"),
        ({"mustBeSigned": True, "distributionRule": "NoDistribution"}, "signed"),
        ({"mustBeSigned": True, "onBehalfOfNationalId": "17855749815"}, "signed"),
        ({"distributionRule": "BasicOrPaper"}, "paper"),
        ({"distributionRule": 5}, "paper"),
        ({"distributionRule": 9}, "nine"),
        ({"distributionRule": "Everything"}, "nine"),
        ({"distributionRule": True}, "nine"),
        ({"metadata": "{visDel2: 1}"}, "JSON"),
        ({"metadata": "[1]"}, "JSON"),
        ({"metadata": {"visDel2": 1}}, "JSON"),
        ({"nationalId": "17455749815"}, "H-number"),
        ({"nationalId": "87855749815"}, "FH-number"),
        ({"nationalId": "178557"}, "eleven"),
        ({"nationalId": 17855749815}, "eleven"),
        ({"expiryDate": "next week"}, "moment"),
        ({"expiryDate": None}, "missing"),
        ({"nationalId": None}, "missing"),
        ({"formId": None}, "missing"),
        ({"testMode": "yes"}, "testmode"),
        ({"physicalAddress": {"fullName": "Kari"}}, "physicalAddress"),
        ({"priority": 1}, "not known"),
    ],
)
def test_a_malformed_order_is_refused_in_plain_text(orderer, changes, reason):
    answer = orderer.post(orderer.body(**changes))

    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert reason in answer.text
    assert not orderer.world.http.get("/national-orders/all.json").json["orders"]


@pytest.mark.parametrize("rule", ["AllowUnsecure", "allowunsecure", 1])
def test_codes_are_names_or_numbers_and_fields_are_known_in_any_case(orderer, rule):
    body = {name.upper(): value for name, value in orderer.body(distributionRule=rule).items()}

    assert orderer.post(body).status_code == 200


def test_a_body_that_is_no_json_is_refused(orderer):
    headers = {"Authorization": f"Basic {orderer.key}"}
    form = orderer.world.http.post("/national/api/v2/formorder", data=orderer.body(), headers=headers)

    assert form.status_code == 415
    assert orderer.post(["formId"]).status_code == 400


def test_an_unknown_person_gets_no_order_although_the_call_succeeds(orderer):
    answer = orderer.post(orderer.body(nationalId="01810000000"))

    assert (answer.status_code, answer.json["id"], answer.json["notificationChannel"]) == (200, NOBODY, 0)
    assert not orderer.world.http.get("/national-orders/all.json").json["orders"]


def test_no_distribution_gives_a_code_and_two_orders_are_two(orderer):
    answer = orderer.post(orderer.body(distributionRule="NoDistribution")).json

    assert (len(answer["singleUseCode"]), answer["notificationChannel"]) == (8, 0)
    assert orderer.order() != orderer.order()


def test_an_address_of_ones_own_and_all_other_fields_are_taken(orderer):
    more = {"reminderDate": None, "metadata": '{"visDel2": 1}', "signingText": "Jeg bekrefter", "mustBeSigned": True}

    assert orderer.order(formId=PASREG, distributionRule="PaperOnly", physicalAddress=ADDRESS, **more)


def test_the_reply_of_an_order_that_was_kept_can_be_lost(orderer):
    orderer.world.http.post("/faults", json={"standin": "national", "kind": "lost_reply"})

    assert orderer.post(orderer.body()).status_code == 504
    (kept,) = orderer.world.http.get("/national-orders/all.json").json["orders"]
    assert kept["form"] == "hads"


def test_calls_are_logged_with_who_and_why_and_without_numbers(orderer):
    number = orderer.world.person("Granlid").number
    orderer.post(orderer.body())
    orderer.post(orderer.body(formId=HADS, metadata=f"{{{number}"))

    refused, taken = orderer.world.requests("national")
    assert (taken["status"], taken["client"], refused["status"]) == (200, "eprom", 400)
    assert number not in str([refused, taken])
    assert number not in orderer.world.http.get("/national-orders/all.json").text
