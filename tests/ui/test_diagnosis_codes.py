"""Codes of pain diagnoses: searched for, chosen, written in full, and refused."""

from __future__ import annotations

import pytest

from shared.testing.html import find, words
from tests.ui.diagnosis_desk import KEY, Desk

pytestmark = pytest.mark.req("REG-14")
CANCER = {"pain_category": 2, "lasting_category": 2}
SURGERY = {"pain_category": 1, "acute_category": 1, "main_diagnosis": 1}


def codes(question):
    return [option.code for option in question.options]


def test_a_search_lists_codes_as_radio_buttons_and_stores_nothing():
    desk = Desk().begin(**CANCER)
    desk.press("_search", desk.opened["code_cancer"].path, code_cancer__words="TUNGE kreft")
    question = desk.opened["code_cancer"]
    assert codes(question) == ["C01", "C02.9"]
    assert question.errors == ()
    assert [node.get("type") for node in desk.tree.iter("input") if node.get("name") == question.path] == ["radio"] * 2
    assert "code_cancer" not in desk.rows[0]


def test_the_chosen_code_stays_among_the_found_ones():
    desk = Desk().begin(**CANCER).press("_draw", "1", code_cancer__words="bryst", code_cancer="C50.4")
    assert desk.rows[0]["code_cancer"] == "C50.4"
    assert codes(desk.opened["code_cancer"]) == ["C50.4", "C50.9"]
    desk.press("_draw", "1", code_cancer__words="tunge")
    assert codes(desk.opened["code_cancer"]) == ["C50.4", "C01", "C02.9"]


@pytest.mark.parametrize("written", ["C50.9", "c50.9", "C509", " c 50.9 "])
def test_a_code_written_in_full_is_taken_when_the_row_is_added(written):
    desk = Desk().begin(**CANCER, main_diagnosis=1).press("_done_row", code_cancer__words=written)
    assert desk.table.act == "added"
    assert desk.rows[0]["code_cancer"] == "C50.9"


def test_a_code_written_in_full_stands_in_for_one_chosen_before():
    desk = Desk().begin(**CANCER, main_diagnosis=1, code_cancer="C61").press("_done_row", code_cancer__words="C50.9")
    assert desk.rows[0]["code_cancer"] == "C50.9"


@pytest.mark.parametrize("written", ["bryst", "M54.5", "C99.9", "X"])
def test_what_is_no_code_of_the_list_is_refused_beside_the_field(written):
    desk = Desk().begin(**CANCER, main_diagnosis=1).press("_done_row", code_cancer__words=written)
    question = desk.opened["code_cancer"]
    assert question.errors == (f"«{written}» er ikke en kode i listen. Søk og velg en kode, eller la feltet stå tomt.",)
    field = find(desk.tree, id=question.path)
    assert (field.get("value"), field.get("aria-invalid")) == (written, "true")
    assert desk.table.focus == question.path
    assert "code_cancer" not in desk.rows[0]


def test_words_without_a_choice_are_not_lost_by_saving():
    desk = Desk().begin(**CANCER).press("act", "save", code_cancer__words="bryst")
    assert [problem.text for problem in desk.draft.problems] == ["code.unknown"]
    assert codes(desk.opened["code_cancer"]) == ["C50.4", "C50.9"]


def test_a_pick_list_is_shown_whole_and_narrowed_by_words():
    desk = Desk().begin(pain_category=2, lasting_category=4, neuropathic_subcategory="f")
    assert len(codes(desk.opened["code_peripheral_neuropathic"])) == 33
    desk.press("_draw", "1", code_peripheral_neuropathic__words="polynevropati diabetisk")
    assert codes(desk.opened["code_peripheral_neuropathic"]) == ["G63.2"]


def test_a_short_list_has_no_search_and_shows_its_codes():
    desk = Desk().begin(pain_category=2, lasting_category=1, primary_subcategory="a")
    question = desk.opened["code_widespread"]
    assert question.search is None
    assert [option.label for option in question.options] == [
        "M79.7 Fibromyalgi",
        "R52.9 Smerte, uspesifisert (generalisert)",
        "Utbredt kronisk smerte, uspesifisert",
    ]


def test_operations_are_found_by_code_and_word():
    desk = Desk().begin(**SURGERY).press("_draw", "1", procedure_code__words="kneledd sement totalprotese")
    assert "NGB40" in codes(desk.opened["procedure_code"])
    desk.press("_done_row", procedure_code="NGB40")
    assert desk.table.rows[0].cells[2].text == "NGB40 Primær totalprotese i kneledd med sement"


def test_a_long_list_tells_how_much_there_is_and_shows_nothing_unasked():
    desk = Desk().begin(pain_category=1, acute_category=3)
    question = desk.opened["code_acute"]
    assert (question.options, question.search.size > 100) == ((), True)
    desk.press("_draw", "1", code_acute__words="kreft")
    question = desk.opened["code_acute"]
    assert len(question.options) == 25 < question.search.found
    assert words(find(desk.tree, id=f"{question.path}-found")).startswith("De 25 beste av")


def test_an_answer_is_shown_although_the_list_no_longer_has_it():
    desk = Desk({**CANCER, "main_diagnosis": 1, "code_cancer": "C50.9"})
    desk.stored["answers"][KEY][0]["code_cancer"] = "C98"
    assert desk.reload().table.rows[0].cells[2].text == "C98"
    desk.press("_edit_row", f"{KEY}.r1")
    assert [option.label for option in desk.opened["code_cancer"].options if option.is_chosen] == ["C98"]
