"""Rows, the table of opioids and the table of visits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.testing.html import find, form_values, words
from tests.ui.form_pages import (
    POST_TO,
    draw,
    opioid_question,
    rows_question,
    search_question,
    visits_question,
    written_row,
)

pytestmark = [pytest.mark.req("REG-12"), pytest.mark.req("OPS-07")]
DERIVED = "Faktoren er regnet ut og står ikke i omregningstabellen."


def buttons(tree):
    found = [node for node in tree.iter("button") if node.get("type") == "submit" and node.get("name") != "_clear"]
    return {words(node): (node.get("name"), node.get("value")) for node in found}


@pytest.mark.req("REG-14")
def test_rows_are_edited_added_and_removed_by_plain_buttons():
    tree = draw("question", rows_question(), POST_TO)
    assert buttons(tree) == {
        "Rediger blokade 1": ("_edit_row", "blocks.r1"),
        "Slett blokade 1": ("_remove_row", "blocks.r1"),
        "Endre": ("_done_row", "blocks.r2"),
        "Legg til": ("_done_row", "blocks.r3"),
        "Avbryt registrering": ("_cancel_row", "blocks.r3"),
    }
    places = {node.get("formaction") for node in tree.iter("button") if node.get("type") == "submit"}
    assert places - {None} == {f"{POST_TO}#q-blocks"}


@pytest.mark.req("REG-14")
def test_rows_that_are_not_open_go_along_hidden():
    values = form_values(draw("question", rows_question()))
    assert (values["blocks.r1.kind"], values["blocks.r1.hours"]) == (["1"], ["2.5"])
    assert values["_open"] == ["blocks.r2", "blocks.r3"]
    assert values["_before.blocks.r2"] == ['{"kind":1}']


@pytest.mark.req("REG-14")
def test_the_button_for_a_new_row_waits_until_the_last_one_is_written():
    tree = draw("question", rows_question(table={"rows": (written_row(1),)}))
    assert words(find(tree, id="blocks")) == "Legg til blokade"
    assert words(find(draw("question", rows_question()), id="blocks")) == "Legg til"


@pytest.mark.req("REG-14")
@pytest.mark.parametrize(("language", "told"), [("nb", "Lagt til"), ("nn", "Lagt til"), ("en", "Added")])
def test_what_became_of_a_row_is_told(language, told):
    table = {"act": "added", "number": 2, "focus": "blocks"}
    tree = draw("question", rows_question(table=table), language=language)
    note = find(tree, id="blocks-told")
    assert (note.get("role"), note.get("data-focus")) == ("status", "blocks")
    assert words(note).startswith(f"{told}: blokade 2.")


@pytest.mark.req("REG-14")
def test_a_cell_tells_all_of_an_answer_to_who_asks():
    tree = draw("question", rows_question())
    button = next(node for node in tree.iter("button") if node.get("aria-describedby"))
    assert words(button) == "Interskalenær blokade"
    assert words(find(tree, id=button.get("aria-describedby"))) == "Type: Interskalenær blokade . Side: Venstre ."


def test_full_rows_cannot_grow_and_still_take_the_link_of_their_fault():
    table = {"is_full": True, "rows": (written_row(1),)}
    tree = draw("question", rows_question(table=table, errors=("For mange rader.",)))
    assert "Legg til blokade" not in buttons(tree)
    assert find(tree, id="blocks").get("tabindex") == "-1"
    assert words(find(tree, id="blocks-error")) == "For mange rader."


def test_changes_inside_rows_are_sent_once():
    tree = draw("question", rows_question(drives=True), POST_TO)
    assert [node.get("id") for node in tree.iter() if node.get("hx-trigger") == "change"] == ["q-blocks"]
    buttons_ = [node for node in tree.iter("button") if node.get("type") == "submit" and node.get("name") != "_clear"]
    assert {node.get("hx-trigger") for node in buttons_} == {"click"}


@pytest.mark.req("REG-14")
def test_codes_are_found_while_one_writes_and_by_a_button():
    tree = draw("question", search_question(), POST_TO)
    field = find(tree, id="code")
    assert (field.get("name"), field.get("value"), field.get("hx-trigger")) == (
        "code.words",
        "bryst",
        "input delay:300ms",
    )
    assert words(find(tree, id=field.get("aria-describedby"))) == "Treff: 2"
    assert form_values(tree)["code"] == ["C50.9"]
    assert buttons(tree) == {"Søk": ("_search", "code")}


@pytest.mark.req("REG-15")
def test_opioid_table_shows_equivalents_and_marks_derived_factors():
    tree = draw("question", opioid_question(), POST_TO)
    assert form_values(tree) == {"opioids.morphine": ["20"], "opioids.fentanyl": [""]}
    rows = [words(row).replace(" mg/døgn", "").split(" Faktor")[0] for row in tree.iter("tr")]
    assert rows[1:] == ["Morfin peroralt", "Fentanyl plaster * stjerne", "Sum OMEQ 20"]
    assert [words(amount) for amount in tree.iter("output")] == ["20", "–", "20"]
    assert words(tree).endswith(f"* stjerne {DERIVED} Omregnet med faktorversjon 1.")
    assert find(tree, id="q-opioids").get("hx-trigger") == "input delay:400ms"


@pytest.mark.req("REG-15")
def test_each_factor_tells_its_source_date_and_note_to_who_asks():
    tree = draw("question", opioid_question())
    told = [words(node) for node in tree.iter("details")]
    assert told == [
        "Faktor : Morfin peroralt 1. Står i omregningstabellen. Kilde: Tabellen. Gjelder fra 04.11.2025.",
        f"Faktor : Fentanyl plaster 2; fra dose 18: 3. {DERIVED} Kilde: Tabellen. Gjelder fra 04.11.2025. Et tall.",
    ]


@pytest.mark.req("REG-15")
def test_empty_preparations_can_be_folded_away_without_sending_anything():
    tree = draw("question", opioid_question())
    button = next(node for node in tree.iter("button") if node.get("data-fold"))
    assert (button.get("type"), button.get("name"), button.get("hidden") is not None) == ("button", None, True)
    assert (button.get("data-fold"), button.get("data-unfold")) == ("Skjul tomme opioidfelter", "Vis alle")
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
    assert not [node for node in tree.iter() if node.tag in {"input", "select"} or node.get("type") == "submit"]
    assert q.label in words(tree)
    assert {"blocks": "Interskalenær blokade", "opioids": "20 mg/døgn", "visits": "Lege 3"}[q.key] in words(tree)


def test_read_only_rows_say_when_there_are_none():
    assert "Ingen rader" in words(draw("question", rows_question(table={"rows": ()}), "", True))
