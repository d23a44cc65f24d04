"""NorPain's files: what its information letter says is collected, of whom, when, and in whose words."""

from __future__ import annotations

import random
from datetime import date

import pytest

from deploy.demo.answers import Filler, Wishes
from shared.forms.catalogue import FOLDER, registry
from shared.forms.codebook import codebook
from shared.forms.definition import Audience, Type
from shared.forms.fhir.questionnaire import questionnaire
from shared.forms.registry_rules import Basis, Trigger

NORPAIN, SMERTEREG = registry("norpain"), registry("smertereg")
RULES = NORPAIN.rules
LANGUAGES = {"nb", "nn", "en"}
CLINICIAN, PATIENT = RULES.forms["clinician"], RULES.forms["patient"]
# Items, lowest and highest code.
INSTRUMENTS = {
    "eq5d": (6, 1, 5),
    "bpi": (11, 0, 10),
    "isi": (7, 0, 4),
    "hscl": (10, 1, 4),
    "pcs": (13, 0, 4),
    "hads": (14, 0, 3),
}
ASKED = {
    "baseline": {"bpi", "eq5d", "hscl", "isi", "pcs"},
    "midway": {"eq5d", "hads"},
    "followup": {"bpi", "eq5d", "hscl", "isi", "pcs"},
}
SUMS = {
    "bpi_severity_sum": ("bpi_severity_", 4, 40),
    "bpi_interference_sum": ("bpi_interference_", 7, 70),
    "isi_sum": ("isi_", 7, 28),
    "hscl_sum": ("hscl_", 10, 40),
    "pcs_sum": ("pcs_", 13, 52),
}
TODAY = date(2026, 11, 21)
CONTEXT = {
    "today": TODAY,
    "birth_date": date(1969, 5, 3),
    "gender": 2,
    "address_type": 1,
    "deceased": 0,
    "legal_basis": "reservation",
    "course_type": 3,
    "referred_on": date(2026, 1, 5),
    "started_on": date(2026, 1, 12),
    "ended_on": TODAY,
}


def sections(form):
    return {section.key: section for section in NORPAIN.form(form).definition.sections}


@pytest.mark.req("GEN-02")
@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2022, 11, 30), date(2026, 11, 21)])
def test_everybody_is_in_by_reservation_from_the_first_day_and_nobody_is_asked_for_consent(day):
    assert NORPAIN.basis_on(day) is Basis.RESERVATION
    assert RULES.consent is None
    asked = [q.key for key in NORPAIN.form_keys for q in NORPAIN.form(key).definition.all_questions()]
    assert not [key for key in asked if "consent" in key]


@pytest.mark.req("GEN-01")
@pytest.mark.parametrize(("right", "included", "course_type"), [(None, None, 2), (0, False, 2), (1, True, 3)])
def test_the_right_to_health_care_decides_and_nothing_else(right, included, course_type):
    form = NORPAIN.form("referral")
    given = {} if right is None else {"right_to_health_care": right}
    values = form.values(form.read_values(given, form.new()).document, CONTEXT)
    assert (NORPAIN.is_included(values), NORPAIN.course_type(values)) == (included, course_type)


@pytest.mark.req("GEN-01")
def test_the_controller_is_the_letter_s_and_contact_data_are_samples():
    assert RULES.controller == "St. Olavs hospital HF"
    assert RULES.contact["is_sample"] is True
    assert str(RULES.contact["email"]).endswith("@example.no")


@pytest.mark.req("GEN-01")
def test_units_have_ids_that_the_public_papers_give():
    known = {unit.resh_id: unit.name for unit in SMERTEREG.rules.organisations}
    assert {unit.resh_id: unit.name for unit in RULES.organisations}.items() <= known.items()


@pytest.mark.req("EPR-11")
def test_patients_are_asked_before_during_and_one_year_after():
    orders = {order.form: order for order in RULES.messages.orders}
    assert tuple(orders) == PATIENT
    assert orders["baseline"].on is Trigger.INCLUDED_OR_CONSENTED
    assert (orders["midway"].of, orders["midway"].days_after, orders["midway"].until_end) == ("assessment", 91, True)
    assert (orders["followup"].on, orders["followup"].days_after) == (Trigger.COURSE_ENDED, 365)


@pytest.mark.req("EPR-11")
def test_letters_go_where_the_information_letter_says():
    assert RULES.messages.channels == ("helsenorge", "digipost")


@pytest.mark.req("EPR-11")
@pytest.mark.parametrize(
    "section", ["background", "work", "pain", "health", "sleep", "mind", "social", "eq5d", "bpi", "isi", "hscl", "pcs"]
)
def test_the_first_form_asks_what_the_letter_tells_is_collected(section):
    assert len(sections("baseline")[section].questions) >= 2


@pytest.mark.req("EPR-12")
@pytest.mark.parametrize("form", PATIENT)
@pytest.mark.parametrize("instrument", sorted(INSTRUMENTS))
def test_an_instrument_has_its_items_and_codes_and_no_wording(form, instrument):
    items, low, high = INSTRUMENTS[instrument]
    found = sections(form).get(instrument)
    assert (found is not None) == (instrument in ASKED[form])
    if found is None:
        return
    assert (found.licence.instrument, found.licence.wording, len(found.questions)) == (instrument, "sample", items)
    for question in found.questions:
        assert "eksempeltekst" in question.label["nb"]
        if question.type is Type.CHOICE:
            assert sorted(option.code for option in question.options) == list(range(low, high + 1))
            assert all("eksempeltekst" in option.label["nb"] for option in question.options)


@pytest.mark.req("EPR-13")
@pytest.mark.parametrize("form", ["baseline", "followup"])
@pytest.mark.parametrize("score", sorted(SUMS))
def test_sums_are_of_all_items_of_their_scale(form, score):
    prefix, count, most = SUMS[score]
    question = NORPAIN.form(form).questions[score]
    assert list(question.calculate.arguments["items"]) == [f"{prefix}{number}" for number in range(1, count + 1)]
    assert question.limit.high == (most,)


@pytest.mark.req("GEN-05", "EPR-01")
@pytest.mark.parametrize("form", PATIENT)
def test_patients_read_three_languages(form):
    definition = NORPAIN.form(form).definition
    texts = [definition.title, definition.intro, *(section.title for section in definition.sections)]
    for section in definition.sections:
        if section.audience is not Audience.CLINICIAN:
            for q in section.questions:
                texts += [q.label, *(text for text in (q.help, q.hint, q.unit) if text)]
                texts += [option.label for option in q.options if q.type is not Type.NRS]
    assert all(set(text) == LANGUAGES and all(text.values()) for text in texts)


@pytest.mark.req("GEN-01")
@pytest.mark.parametrize("form", NORPAIN.form_keys)
@pytest.mark.parametrize("chance", [1, 2, 3])
def test_every_form_can_be_answered_to_its_end(form, chance):
    wishes = Wishes(values={"complete": 1, "right_to_health_care": 1}, places={"locations": [1]})
    document = Filler(NORPAIN.form(form), CONTEXT, wishes, random.Random(chance)).fill()
    assert NORPAIN.form(form).complete(document, CONTEXT) == ()


@pytest.mark.req("REG-35")
@pytest.mark.parametrize("form", NORPAIN.form_keys)
def test_every_form_is_a_questionnaire_and_in_the_code_book(form):
    made = questionnaire(NORPAIN.form(form))
    assert (made["name"], made["publisher"]) == (f"Norpain_{form}", "St. Olavs hospital HF")
    columns = [column.column for v in codebook(NORPAIN) if v.form == form and v.rows is None for column in v.columns]
    assert columns
    assert len(columns) == len(set(columns))


@pytest.mark.req("GEN-01")
def test_every_code_list_is_used():
    used = {q.codelist for key in NORPAIN.form_keys for q in NORPAIN.form(key).definition.all_questions()}
    assert used - {None} == {path.stem for path in (FOLDER / "norpain" / "codelists").glob("*.csv")}


@pytest.mark.req("REG-14")
def test_the_diagnoses_of_long_lasting_pain_that_smertereg_lists_can_be_found():
    rows = next(q for q in NORPAIN.form("assessment").definition.questions() if q.key == "pain_diagnoses")
    coding = next(q.coding for q in rows.questions if q.key == "diagnosis_code")
    listed = [
        q for q in SMERTEREG.form("b11").definition.all_questions() if (q.codelist or "").startswith("diagnosis_")
    ]
    codes = {str(option.code) for q in listed for option in q.options}
    codes = {code for code in codes if "." in code and code[-1].isdigit()}  # two end in a letter of SmerteReg's own
    assert len(codes) > 50
    assert codes - set(coding.options) == set()
