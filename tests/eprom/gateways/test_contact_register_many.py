"""Many persons are asked for with few calls, and contact data grow old by their own dates too."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import islice

import pytest
from flask import Flask, jsonify

from deploy.standins.numbers import candidates
from services.eprom.domain.reach import is_too_old
from services.eprom.gateways.contact_register import Krr
from services.eprom.usecases.ports import OutsideUnavailable, Recipient
from shared.testing.wsgi_http import wsgi_http

pytestmark = pytest.mark.req("EPR-04", "EPR-15")
ALICE = "17855749815"
REGISTER = "http://localhost:8030"


def strangers(count):
    """Valid synthetic numbers that nobody has."""
    days = (date(1961, 1, 1) + timedelta(days=days) for days in range(count))
    return [Recipient(number) for day in days for number in islice(candidates(day, is_male=True), 3)][:count]


def lengths(outside):
    bodies = [json.loads(request.body) for request in outside.line.sent if "/krr/" in request.url]
    return [len(body["personidentifikatorer"]) for body in bodies]


def test_more_than_a_thousand_persons_take_two_calls_and_come_in_order(outside):
    people = strangers(1201)
    people[1100] = outside.recipient("Myrtveit")
    found = outside.krr().look_up_all(people)

    assert lengths(outside) == [1000, 201]
    assert [number for number, contact in enumerate(found) if contact.mobile] == [1100]


def test_who_has_two_forms_is_asked_for_once(outside):
    person = outside.recipient("Myrtveit")
    found = outside.krr().look_up_all([person, *strangers(2), person])

    assert lengths(outside) == [3]
    assert found[0] == found[3] != found[1]


def test_nobody_is_asked_for_when_there_is_nobody(outside):
    assert outside.krr().look_up_all([]) == []
    assert lengths(outside) == []


def test_a_number_that_is_none_lets_the_register_refuse_the_whole_list(outside):
    with pytest.raises(OutsideUnavailable) as raised:
        outside.krr().look_up_all([*strangers(2), Recipient("17855749816")])
    assert "17855749816" not in str(raised.value)


@pytest.mark.parametrize(("name", "is_old"), [("Bjørkmo", True), ("Havnås", False), ("Myrtveit", False)])
def test_contact_data_too_old_to_use_are_told_from_those_reserved(outside, name, is_old):
    assert outside.krr().look_up(outside.recipient(name)).is_old is is_old


def register(outside, told):
    """The gateway before a register that says what it is told to, in its own words."""
    app = Flask("register", static_folder=None)
    body = {
        "personer": [{"personidentifikator": ALICE, "reservasjon": "NEI", "varslingsstatus": "KAN_VARSLES", **told}]
    }
    app.add_url_rule("/rest/v2/personer", view_func=lambda: jsonify(body), methods=["POST"])
    return Krr(REGISTER, outside.krr()._tokens, wsgi_http({REGISTER: app}), outside.clock)


@pytest.mark.parametrize(
    ("changed", "confirmed", "is_used"),
    [
        ("2025-05-22T10:14:52+02", None, True),
        ("2025-05-21T10:14:52+02", None, False),
        ("2020-01-01T10:14:52+02", "2025-05-22T08:14:52.123Z", True),
        ("2020-01-01T10:14:52+02", "2025-05-20T22:30:00.000Z", False),  # already the 21st in Oslo
        (None, None, True),
    ],
)
def test_the_dates_of_an_address_count_beside_the_register_s_own_word(outside, changed, confirmed, is_used):
    dates = {"mobiltelefonnummer_oppdatert": changed, "mobiltelefonnummer_sist_verifisert": confirmed}
    known = {"mobiltelefonnummer": "+4790000001", **{key: value for key, value in dates.items() if value}}
    contact = register(outside, {"kontaktinformasjon": known}).look_up(Recipient(ALICE))

    assert (bool(contact.mobile), contact.is_old) == (is_used, not is_used)


@pytest.mark.parametrize(
    "told",
    [
        {"personidentifikator": "24916849806"},
        {"kontaktinformasjon": {"epostadresse": "a@example.test", "epostadresse_oppdatert": "i fjor"}},
        {"kontaktinformasjon": ["a@example.test"]},
    ],
)
def test_an_answer_that_makes_no_sense_is_an_outage(outside, told):
    with pytest.raises(OutsideUnavailable, match="malformed"):
        register(outside, told).look_up(Recipient(ALICE))


@pytest.mark.parametrize(
    ("confirmed_on", "today", "expected"),
    [
        (date(2025, 5, 22), date(2026, 11, 21), False),
        (date(2025, 5, 21), date(2026, 11, 21), True),
        (date(2024, 8, 31), date(2026, 2, 28), False),
        (date(2024, 8, 31), date(2026, 3, 1), True),
    ],
)
def test_eighteen_months_are_counted_by_the_calendar(confirmed_on, today, expected):
    assert is_too_old(confirmed_on, today) is expected
