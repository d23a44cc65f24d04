"""Words: patients read their own language, staff get the manual's help, and no licensed wording is here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.registries.definitions import (
    CLINICIAN_FORMS,
    FOLDER,
    FORMS,
    PATIENT_FORMS,
    question,
    questions_of,
    read_csv,
    read_form,
    versions_of,
)

LANGUAGES = {"nb", "nn", "en"}


def _texts_for_patients(form: str) -> Iterator[tuple[str, dict[str, str]]]:
    definition = read_form(form)
    yield form, definition["title"]
    yield form, definition["intro"]
    for section in definition["sections"]:
        if section.get("audience") != "clinician":
            yield section["key"], section["title"]
            for item in section["questions"]:
                yield from _texts_of(item)


def _texts_of(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for part in [item, *item.get("options", ()), item.get("missing_field", {})]:
        yield from ((item["key"], part[key]) for key in ("label", "help", "hint", "unit") if key in part)


@pytest.mark.req("GEN-05", "EPR-01")
@pytest.mark.parametrize("form", PATIENT_FORMS)
def test_patients_read_bokmal_nynorsk_and_english(form):
    poor = [key for key, text in _texts_for_patients(form) if set(text) != LANGUAGES or not all(text.values())]

    assert poor == []


@pytest.mark.req("GEN-05", "EPR-01")
@pytest.mark.parametrize("form", PATIENT_FORMS)
def test_the_answers_patients_choose_from_have_three_languages(form):
    lists = {item["codelist"] for item in questions_of(form) if "codelist" in item}

    for name in lists:
        assert all(row[language] for row in read_csv(f"codelists/{name}.csv") for language in LANGUAGES), name


@pytest.mark.parametrize("form", CLINICIAN_FORMS)
def test_every_clinician_question_has_a_label_in_bokmal(form):
    assert [item["key"] for item in questions_of(form) if not item["label"].get("nb")] == []


@pytest.mark.parametrize("form", FORMS)
def test_keys_are_unique_in_a_form_and_written_in_snake_case(form):
    keys = [item["key"] for item in questions_of(form)]

    assert len(keys) == len(set(keys))
    assert all(key.isidentifier() and key == key.lower() and key.isascii() for key in keys)


@pytest.mark.req("REG-11", "REG-19")
@pytest.mark.parametrize(
    ("form", "key"),
    [
        ("to", "referred_by"),
        ("to", "start_date"),
        ("to", "supervision"),
        ("to", "norwegian_speaking"),
        ("to", "cognitively_impaired"),
        ("to", "consent"),
        ("to", "no_consent_reason"),
        ("b11", "analgesics_on_admission"),
        ("b11", "analgesics_first_visit"),
        ("b11", "inappropriate_use"),
        ("b11", "opioids"),
        ("b11", "earlier_misuse"),
        ("b11", "current_misuse"),
        ("b11", "opioid_maintenance"),
        ("b12", "can_state_nrs"),
        ("b12", "strongest_in_motion"),
        ("b21", "can_state_nrs"),
        ("b22", "caregivers"),
        ("b22", "consultations"),
        ("b22", "total_hours"),
        ("b22", "respiratory_depression"),
        ("b22", "tapering_needed"),
        ("b22", "pain_clinic"),
    ],
)
def test_a_question_mark_explains_what_the_manual_explains(form, key):
    assert len(question(form, key)["help"]["nb"]) > 40


@pytest.mark.req("REG-17")
def test_the_hints_of_the_manual_are_there():
    assert "pasienttilsyn" in question("b22", "caregivers")["hint"]["nb"]
    assert "neste hele time" in question("b22", "total_hours")["hint"]["nb"]


@pytest.mark.req("EPR-12")
def test_the_licensed_instrument_ships_without_its_wording():
    items = [item for item in questions_of("hads") if item["key"].startswith("item_")]

    assert len(items) == 14
    assert all("eksempeltekst" in item["label"]["nb"] and "sample" in item["label"]["en"] for item in items)
    assert read_form("hads")["licence"]["wording"] == "sample"
    for direction in ("rising", "falling"):
        rows = read_csv(f"codelists/symptom_level_{direction}.csv")
        assert all("eksempeltekst" in row["nb"] for row in rows)


@pytest.mark.req("EPR-12")
def test_the_instrument_s_answers_stand_in_the_order_of_the_form():
    falling = {item["key"] for item in questions_of("hads") if item.get("codelist") == "symptom_level_falling"}

    assert falling == {f"item_{number}" for number in (1, 3, 5, 6, 8, 10, 11, 13)}


@pytest.mark.req("EPR-13")
def test_the_scores_are_sums_of_seven_items_each():
    even, odd = (list(range(start, 15, 2)) for start in (2, 1))

    for key, numbers in (("depression_score", even), ("anxiety_score", odd)):
        assert question("hads", key)["calculate"]["arguments"]["items"] == [f"item_{n}" for n in numbers]


def test_every_code_list_is_used_and_has_a_text_for_each_code():
    files = {path.stem for path in (FOLDER / "codelists").glob("*.csv")}
    every = [item for form in FORMS for version in versions_of(form) for item in questions_of(form, version)]

    assert {item["codelist"] for item in every if "codelist" in item} == files
    for name in files:
        assert all(row["code"] and row["nb"] for row in read_csv(f"codelists/{name}.csv")), name


@pytest.mark.parametrize("form", FORMS)
def test_a_text_holds_nothing_but_languages(form):
    for item in questions_of(form):
        for key, text in _texts_of(item):
            assert set(text) <= LANGUAGES, key
            assert all(isinstance(words, str) and words for words in text.values()), key
