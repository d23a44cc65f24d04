"""Rows of pain diagnoses, written, changed and given up by the fields and buttons that the page itself has."""

from __future__ import annotations

import pytest

from shared.testing.html import find, words
from tests.ui.diagnosis_desk import KEY, Desk
from tests.ui.form_pages import draw

pytestmark = pytest.mark.req("REG-14")
LASTING = {"pain_category": 2, "lasting_category": 2, "code_cancer": "C50.9", "main_diagnosis": 1}
TRAUMA = {"pain_category": 1, "acute_category": 2, "anatomical_region": 9, "leg_part": 5, "main_diagnosis": 0}


def test_a_new_row_is_open_until_it_is_added():
    desk = Desk().begin(**LASTING)
    assert desk.table.rows[0].is_new
    desk.press("_done_row")
    assert [row.is_open for row in desk.table.rows] == [False]
    assert (desk.table.act, desk.table.number, desk.table.focus) == ("added", 1, KEY)
    assert desk.rows == [LASTING]
    assert [cell.text for cell in desk.table.rows[0].cells] == [
        "Langvarig smerte > 3 mnd",
        "Kreftsmerte",
        "C50.9 Kreft i bryst, uspesifisert",
        "Ja",
    ]


def test_a_row_that_lacks_an_answer_stays_open_and_says_which():
    desk = Desk().begin(pain_category=4).press("_done_row")
    assert desk.opened["main_diagnosis"].errors == ("Velg et svar på «3c. Hoveddiagnose».",)
    assert desk.table.focus == desk.opened["main_diagnosis"].path
    assert desk.table.act == ""


def test_a_new_row_that_is_given_up_is_gone():
    desk = Desk(TRAUMA).begin(pain_category=2).press("_cancel_row")
    assert desk.rows == [TRAUMA]
    assert (desk.table.act, desk.table.focus) == ("cancelled", KEY)


@pytest.mark.parametrize("is_saved", [True, False])
def test_a_row_whose_changes_are_given_up_is_what_it_was(is_saved):
    desk = Desk(TRAUMA) if is_saved else Desk().begin(**TRAUMA).press("_done_row")
    path = desk.table.rows[0].path
    desk.press("_edit_row", path).press("_draw", "1", acute_category=3).press("_draw", "1", main_diagnosis=1)
    assert desk.rows[0]["acute_category"] == 3
    desk.press("_cancel_row")
    assert desk.rows == [TRAUMA]
    assert (desk.table.act, desk.table.focus) == ("cancelled", f"edit-{path}")


def test_a_row_is_changed_in_its_place():
    desk = Desk(TRAUMA, LASTING).press("_edit_row", f"{KEY}.r1")
    assert desk.table.focus == f"{KEY}.r1.pain_category"
    desk.press("_done_row", main_diagnosis=1)
    assert desk.rows == [{**TRAUMA, "main_diagnosis": 1}, LASTING]
    assert (desk.table.act, desk.table.number, desk.table.focus) == ("changed", 1, f"edit-{KEY}.r1")


def test_a_row_taken_away_on_the_page_does_not_come_back_from_what_is_stored():
    desk = Desk(TRAUMA, LASTING).press("_remove_row", f"{KEY}.r1")
    assert (desk.rows, desk.table.act, desk.table.number) == ([LASTING], "removed", 1)
    desk.begin(pain_category=4, main_diagnosis=0).press("_done_row")
    assert desk.save().rows == [LASTING, {"pain_category": 4, "main_diagnosis": 0}]


def test_a_row_that_is_half_written_when_the_form_is_saved_is_kept_and_marked():
    desk = Desk(TRAUMA).begin(pain_category=2).save()
    assert desk.rows == [TRAUMA, {"pain_category": 2}]
    assert [row.is_incomplete for row in desk.table.rows] == [False, True]


def test_a_row_that_nobody_wrote_in_is_open_and_new_after_saving():
    desk = Desk().begin().save()
    assert [(row.is_open, row.is_new) for row in desk.table.rows] == [(True, True)]
    assert desk.press("_cancel_row").rows == []


def test_hidden_answers_of_a_row_come_back_with_it():
    desk = Desk(TRAUMA).press("_edit_row", f"{KEY}.r1").press("_draw", "1", pain_category=4)
    assert "acute_category" not in desk.opened
    assert desk.press("_draw", "1", pain_category=1).opened["leg_part"].options[4].is_chosen


def test_what_was_before_is_read_like_any_answer():
    desk = Desk(TRAUMA).press("_edit_row", f"{KEY}.r1")
    before = find(desk.tree, name=f"_before.{KEY}.r1")
    before.set("value", '{"pain_category": 77, "nonsense": 1, "main_diagnosis": 1}')
    desk.press("_cancel_row")
    assert {problem.text for problem in desk.draft.problems} == {"choice.unknown", "question.unknown"}
    assert desk.rows == [{"main_diagnosis": 1}]


def test_a_read_only_page_has_the_table_alone():
    tree = draw("question", Desk(TRAUMA, LASTING).question, "", True)
    assert not [node for node in tree.iter() if node.tag == "input" or node.get("type") == "submit"]
    assert "C50.9 Kreft i bryst, uspesifisert" in words(tree)
    assert "Del av underekstremitet: Kne høyre" in words(tree)
