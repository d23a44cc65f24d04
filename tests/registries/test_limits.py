"""Limits that refuse, limits that ask, and what must be answered."""

from __future__ import annotations

from datetime import date

import pytest

from tests.registries.definitions import PATIENT_FORMS, question, questions_of, read_form

OLD, OLDEST = date(1980, 1, 1), date(1900, 1, 1)


@pytest.mark.req("REG-11")
@pytest.mark.parametrize(
    ("form", "key", "first", "last"),
    [
        ("po", "registered_date", OLD, "today"),
        ("po", "birth_date", OLDEST, "today"),
        ("po", "deceased_date", OLD, "today"),
        ("po", "consent_date", OLD, "today"),
        ("po", "consent_withdrawn_date", OLD, "today"),
        ("to", "referral_date", OLD, "today"),
        ("to", "start_date", OLD, None),
        ("to", "consent_date", OLD, "today"),
        ("to", "consent_withdrawn_date", OLD, "today"),
        ("b11", "registered_date", OLDEST, "today"),
        ("b12", "registered_date", OLDEST, "today"),
        ("b21", "registered_date", OLDEST, "today"),
        ("b22", "end_date", OLDEST, "today"),
        ("pasreg", "registered_date", OLDEST, "today"),
    ],
)
def test_dates_have_the_register_s_hard_limits(form, key, first, last):
    limit = question(form, key)["limit"]

    assert first in (limit["min"] if isinstance(limit["min"], list) else [limit["min"]])
    assert limit.get("max") == last


@pytest.mark.req("REG-16")
@pytest.mark.parametrize(
    ("form", "key", "normal", "limit"),
    [
        ("to", "age", (12, 90), (5, 110)),
        ("b22", "caregivers", (1, 10), (1, 100)),
        ("b22", "consultations", (5, 25), (0, 99)),
        ("b22", "total_hours", (1, 100), (1, 500)),
    ],
)
def test_numbers_have_a_usual_and_a_possible_range(form, key, normal, limit):
    item = question(form, key)

    assert (item["normal"]["min"], item["normal"]["max"]) == normal
    assert (item["limit"]["min"], item["limit"]["max"]) == limit


def test_the_ward_recorded_pain_at_most_every_hour():
    assert question("b11", "ward_recordings")["limit"] == {"min": 0, "max": 24}


@pytest.mark.req("REG-17")
def test_the_first_assessment_is_not_before_referral_and_start():
    earliest = question("b11", "registered_date")["limit"]["min"]

    assert {"context.referred_on", "context.started_on"} <= set(earliest)


def test_start_before_referral_is_asked_about_and_not_refused():
    assert question("to", "start_date")["normal"] == {"min": "referral_date", "max": "today"}


@pytest.mark.req("REG-11")
@pytest.mark.parametrize(
    ("form", "keys"),
    [
        ("po", {"registered_date", "birth_date", "gender", "deceased"}),
        ("to", {"referral_date", "start_date", "supervision", "age", "consent", "consent_date", "no_consent_reason"}),
        ("b11", {"registered_date", "location", "ward", "admission_diagnosis", "inappropriate_use", "ward_recordings"}),
        ("b11", {"earlier_misuse", "current_misuse", "opioid_maintenance"}),
        ("b12", {"registered_date", "can_state_nrs"}),
        ("b21", {"registered_date", "can_state_nrs"}),
        ("b22", {"end_date", "consultations", "total_hours", "should_be_followed_up", "pain_clinic"}),
    ],
)
def test_what_the_register_demands_is_required(form, keys):
    assert keys <= {item["key"] for item in questions_of(form) if item.get("required")}


@pytest.mark.req("REG-07")
def test_inclusion_questions_are_demanded_of_the_seen_only():
    seen = {"question": "supervision", "op": "equals", "value": 1}

    for key in ("norwegian_speaking", "cognitively_impaired"):
        assert question("to", key)["required_if"] == seen


def test_contact_data_may_be_left_out_and_live_in_the_person_store():
    for key in ("phone", "email"):
        item = question("po", key)
        assert item["store"] == "person"
        assert "required" not in item
        assert "field" not in item


def test_both_pain_forms_share_a_table_and_differ_in_order():
    assert read_form("b12")["table"] == read_form("b21")["table"] == "emp12"
    assert (read_form("b12")["form_order"], read_form("b21")["form_order"]) == (1, 2)


@pytest.mark.req("EPR-01")
@pytest.mark.parametrize("form", PATIENT_FORMS)
def test_a_patient_never_meets_what_only_staff_fills_in(form):
    sections = read_form(form)["sections"]

    staff = [q["key"] for s in sections if s.get("audience") == "clinician" for q in s["questions"]]

    assert staff[:3] == ["registered_date", "complete", "incomplete_reason"]
    assert [s for s in sections if s.get("audience") != "clinician"]
