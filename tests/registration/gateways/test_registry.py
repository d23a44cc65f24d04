"""What registration reads of a registry's folder."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.course import LegalBasis
from services.registration.domain.form_state import FormState
from services.registration.gateways.registry import load_registries


@pytest.fixture(scope="module")
def smertereg():
    return load_registries()["smertereg"]


@pytest.mark.req("GEN-02")
@pytest.mark.parametrize(
    ("day", "basis"),
    [
        (date(2009, 1, 1), LegalBasis.CONSENT),
        (date(2022, 11, 30), LegalBasis.CONSENT),
        (date(2022, 12, 1), LegalBasis.RESERVATION),
    ],
)
def test_the_basis_follows_the_day(smertereg, day, basis):
    assert smertereg.basis_on(day) is basis


@pytest.mark.req("REG-06")
@pytest.mark.parametrize(
    ("course_type", "closed"),
    [
        (1, {"b12", "b21", "b22", "pasreg", "hads", "eval", "opioid"}),
        (2, {"pasreg", "hads", "eval", "opioid"}),
        (3, set()),
    ],
)
def test_the_type_of_a_course_closes_forms(smertereg, course_type, closed):
    states = smertereg.shown_states("1" * smertereg.form_count, course_type)

    assert {form for form, state in states.items() if state is FormState.CLOSED} == closed


@pytest.mark.req("REG-12")
def test_one_digit_a_form_says_its_state(smertereg):
    status = smertereg.with_state("1" * smertereg.form_count, "to", FormState.IN_PROGRESS)

    assert status == "1211111111"
    assert smertereg.shown_states(status, 3)["to"] is FormState.IN_PROGRESS


@pytest.mark.req("GEN-01")
def test_forms_have_titles_and_organisations_names(smertereg):
    assert smertereg.form("b22").title("en") == "Behandlerdel 2.2"
    assert smertereg.form("pasreg").title("en") == "Patient registration"
    assert smertereg.form("pasreg").is_patient
    assert smertereg.organisations[100082] == "Haukeland universitetssjukehus"


@pytest.mark.req("EPR-05", "REG-24")
def test_patient_forms_know_what_their_codes_for_no_answer_mean(smertereg):
    assert smertereg.form("pasreg").reason(7, "nb") == "Ikke besvart ePROMS"
    assert smertereg.form("eval").reason(6, "se") == "Ikke tilstrekkelig antall tilsyn"
    assert smertereg.form("pasreg").reason(99, "nb") == smertereg.form("to").reason(7, "nb") == ""
