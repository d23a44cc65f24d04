"""Rows, the table of opioids and the table of visits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.testing.html import find, form_values, words
from tests.ui.form_pages import POST_TO, draw, opioid_question, rows_question, visits_question

pytestmark = [pytest.mark.req("REG-12"), pytest.mark.req("OPS-07")]


def buttons(tree):
    found = [node for node in tree.iter("button") if node.get("name") != "_clear"]
    return {words(node): (node.get("name"), node.get("value")) for node in found}


def test_rows_are_added_and_removed_by_plain_buttons():
    tree = draw("question", rows_question())
    assert buttons(tree) == {
        "Fjern rad 1": ("_remove_row", "blocks.r1"),
        "Fjern rad 2": ("_remove_row", "blocks.r2"),
        "Legg til rad": ("_add_row", "blocks"),
    }
    assert find(tree, id="blocks").tag == "button"
    assert form_values(tree)["blocks.r2.hours"] == ["2,5"]


def test_full_rows_cannot_grow_and_still_take_the_link_of_their_fault():
    tree = draw("question", replace(rows_question(), add_row="", errors=("For mange rader.",)))
    assert "Legg til rad" not in buttons(tree)
    assert find(tree, id="blocks").get("tabindex") == "-1"
    assert words(find(tree, id="blocks-error")) == "For mange rader."


def test_changes_inside_rows_are_sent_once():
    tree = draw("question", rows_question(drives=True), POST_TO)
    assert [node.get("id") for node in tree.iter() if node.get("hx-trigger") == "change"] == ["q-blocks"]
    assert {node.get("hx-trigger") for node in tree.iter("button") if node.get("name") != "_clear"} == {"click"}


@pytest.mark.req("REG-15")
def test_opioid_table_shows_equivalents_and_marks_derived_factors():
    tree = draw("question", opioid_question(), POST_TO)
    assert form_values(tree) == {"opioids.morphine": ["20"], "opioids.fentanyl": [""]}
    rows = [words(row) for row in tree.iter("tr")]
    assert rows[1:] == ["Morfin peroralt mg/døgn 20", "Fentanyl depotplaster * stjerne µg/time –", "Sum OMEQ 20"]
    assert "Faktoren er regnet ut" in words(tree)
    assert find(tree, id="q-opioids").get("hx-trigger") == "input delay:400ms"


@pytest.mark.req("REG-15")
def test_empty_preparations_can_be_folded_away_without_sending_anything():
    tree = draw("question", opioid_question())
    assert find(tree, id="opioids-filled").get("name") is None
    assert [row.get("data-empty") is not None for row in tree.iter("tr")] == [False, False, True, False]


def test_faults_inside_tables_stand_in_their_cells():
    doses = tuple(replace(dose, errors=("Skriv bare siffer.",)) for dose in opioid_question().doses)
    visits = tuple(replace(visit, errors=("Skriv antall tilsyn.",)) for visit in visits_question().visits)
    for q in (replace(opioid_question(), doses=doses), replace(visits_question(), visits=visits)):
        fields = [node for node in draw("question", q).iter("input") if node.get("type") == "text"]
        assert [node.get("aria-describedby") for node in fields] == [f"{node.get('name')}-error" for node in fields]
        assert {node.get("aria-invalid") for node in fields} == {"true"}


def test_visits_are_a_tick_and_a_number():
    tree = draw("question", visits_question())
    assert form_values(tree) == {"visits.doctor": ["true"], "visits.doctor.times": ["3"], "visits.nurse.times": [""]}
    assert find(tree, id="visits.nurse.times").get("aria-label") == "Antall ganger: Sykepleier"
    assert find(tree, id="visits.doctor-help").text == "Lege eller lege i spesialisering."


@pytest.mark.parametrize("q", [rows_question(), opioid_question(), visits_question()], ids=lambda q: q.key)
def test_read_only_tables_have_no_controls(q):
    tree = draw("question", q, POST_TO, True)
    assert not [node for node in tree.iter() if node.tag in {"input", "select", "button"}]
    assert q.label in words(tree)
    assert {"blocks": "2,5 timer", "opioids": "20 mg/døgn", "visits": "Lege 3"}[q.key] in words(tree)


def test_read_only_rows_say_when_there_are_none():
    assert "Ingen rader" in words(draw("question", replace(rows_question(), rows=()), "", True))
