"""What registry.yaml decides: basis, inclusion, course types, consent, messages, paper, places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.registries.definitions import (
    CLINICIAN_FORMS,
    FORMS,
    PATIENT_FORMS,
    codes_of,
    question,
    questions_of,
    read_registry,
)

REGISTRY = read_registry()


@pytest.mark.req("GEN-02")
def test_consent_ends_the_day_before_reservation_begins():
    consent, reservation = REGISTRY["legal_basis"]

    assert (consent["basis"], reservation["basis"]) == ("consent", "reservation")
    assert reservation["from"] == date(2022, 12, 1)
    assert consent["until"] + timedelta(days=1) == reservation["from"]


@pytest.mark.req("REG-07")
def test_inclusion_asks_for_language_age_and_a_clear_mind_and_once_for_visits():
    criteria = {c["question"]: (c["op"], c["value"]) for c in REGISTRY["inclusion"]["criteria"]}
    asked = [{item["key"] for item in questions_of("to", version)} & set(criteria) for version in (1, 2)]

    assert criteria == {
        "norwegian_speaking": ("equals", 1),
        "age": ("greater", 17),
        "cognitively_impaired": ("equals", 0),
        "enough_visits": ("equals", 1),
    }
    assert asked == [set(criteria), set(criteria) - {"enough_visits"}]
    assert question("to", REGISTRY["inclusion"]["result"])["name"] == "InklKritOppf"


@pytest.mark.req("REG-06")
@pytest.mark.parametrize(
    ("course_type", "forms"), [(1, ("po", "to", "b11")), (2, CLINICIAN_FORMS), (3, CLINICIAN_FORMS + PATIENT_FORMS)]
)
def test_a_course_type_opens_its_forms(course_type, forms):
    assert set(REGISTRY["course_types"][course_type]["forms"]) == set(forms)


def test_every_form_is_either_the_clinician_s_or_the_patient_s():
    forms = REGISTRY["forms"]

    assert sorted(forms["clinician"] + forms["patient"]) == sorted(FORMS)
    assert set(forms["paper"]) == {"pasreg", "hads", "eval"}


@pytest.mark.req("REG-08")
def test_consent_codes_are_those_of_2025():
    reasons = REGISTRY["consent"]["reasons"]

    assert reasons == {"active": 1, "passive": 2, "not_applicable": 3, "not_asked": 4, "withdrawn": 5}
    assert sorted(str(code) for code in reasons.values()) == codes_of("no_consent_reason")


@pytest.mark.req("REG-08")
def test_consent_becomes_not_applicable_when_inclusion_fails():
    failed = {"question": "included", "op": "equals", "value": 0}

    assert question("to", "consent")["fill"] == {"when": failed, "value": 0}
    assert question("to", "no_consent_reason")["fill"] == {"when": failed, "value": 3}


@pytest.mark.req("EPR-02")
def test_patient_forms_are_ordered_when_the_manual_says():
    orders = {order["form"]: order for order in REGISTRY["messages"]["orders"]}

    assert set(orders) == set(PATIENT_FORMS)
    assert orders["hads"]["minutes_after"] - orders["pasreg"]["minutes_after"] == 2
    assert (orders["eval"]["of"], orders["eval"]["days_after"]) == ("b22", 0)
    assert (orders["opioid"]["from_question"], orders["opioid"]["days_after"]) == ("end_date", 28)


def test_the_daily_dispatch_and_its_deadlines():
    messages = REGISTRY["messages"]

    assert messages["dispatch"] == {"at": "16:30", "zone": "Europe/Oslo"}
    assert (messages["reminder_after_days"], messages["lock_after_days"]) == (3, 3)
    assert messages["not_answered_reason"] == 7


@pytest.mark.req("REG-24")
def test_six_reasons_close_all_patient_forms_and_two_stop_them():
    messages = REGISTRY["messages"]

    assert messages["close_all_reasons"] == [1, 2, 3, 4, 5, 9]
    assert set(messages["stop_reasons"]) == {3, 4}
    assert {str(c) for c in messages["close_all_reasons"]} | {"7"} == set(codes_of("missing_reason"))


def test_paper_may_be_entered_for_six_days():
    paper = REGISTRY["paper"]

    assert paper["days"] == 6
    assert paper["from"]["pasreg"] == {"consent": "consent_date", "reservation": "start_date"}
    assert paper["from"]["eval"] == {"form": "b22", "question": "end_date"}


def test_units_have_the_resh_ids_of_the_register():
    ids = {unit["resh_id"]: unit["region"] for unit in REGISTRY["organisations"]}

    assert set(ids) == {
        100082, 100083, 100084, 100089, 100133, 100320, 101719, 705652, 705758, 4201115, 4204083, 4207789, 4214288,
    }  # fmt: skip
    assert set(ids.values()) == set(REGISTRY["regions"])


def test_small_numbers_are_hidden_below_five_and_never_below_three():
    assert REGISTRY["disclosure"] == {"small_cell": 5, "small_cell_least": 3}


def test_contact_data_are_marked_as_samples():
    assert REGISTRY["contact"]["is_sample"] is True
