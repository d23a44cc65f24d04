"""Somebody else saves while a form is open: the second editor sees what differs, and chooses."""

from __future__ import annotations

import pytest

from shared.testing.html import find, read_html, words
from tests.registration.entry import Editor, draft_rows, fields_of, row_of

pytestmark = pytest.mark.req("REG-12", "REG-13")
PICK, ROWS = "_pick.", "pain_diagnoses"


@pytest.fixture
def two(both):
    """Two users with the same empty form before them."""
    course_id = both.register()
    return Editor(both, course_id), Editor(both, course_id, user_id=2)


def answers(site, editor):
    return row_of(site, editor.course_id, editor.form).document["answers"]


def asked(page):
    """The places where a choice is asked for."""
    names = [node.get("name", "") for node in read_html(page).iter("input")]
    return {name.removeprefix(PICK) for name in names if name.startswith(PICK)}


def section(page, heading):
    """What a list on the page of differences says, by question."""
    for node in read_html(page).iter("section"):
        if words(next(node.iter("h2"))) == heading:
            return dict(zip(map(words, node.iter("dt")), map(words, node.iter("dd")), strict=True))
    return {}


def choose(editor, **picks):
    fields = fields_of(editor.page, editor.course_id, editor.form)
    answer = editor.browser.post(
        f"/courses/{editor.course_id}/forms/{editor.form}",
        data={**fields, "act": "save", **{f"{PICK}{place}": side for place, side in picks.items()}},
    )
    editor.page = answer.text
    return answer


def test_only_what_both_changed_is_asked_and_the_rest_is_put_together(both, two):
    first, second = two
    first.send(referral_date="17.11.2026", supervision="1", _comment="Fra den ene")
    answer = second.send(referral_date="18.11.2026", norwegian_speaking="1")
    assert answer.status_code == 409
    assert asked(answer.text) == {"referral_date"}
    assert section(answer.text, "Bare du har endret") == {"Norsktalende": "Ja"}
    assert section(answer.text, "Bare den andre har endret")["Internkommentar"] == "Fra den ene"
    text = words(find(read_html(answer.text), id="main"))
    assert "Ditt svar 18.11.2026" in text
    assert "Lagret av Kari Prøve, 21.11.2026 kl. 13.00. 17.11.2026" in text
    assert choose(second, referral_date="mine").status_code == 303
    kept = answers(both, second)
    assert (kept["referral_date"], kept["supervision"], kept["norwegian_speaking"]) == ("2026-11-18", 1, 1)
    assert (row_of(both, second.course_id).revision, draft_rows(both)) == (2, [])


def test_nothing_is_chosen_beforehand_and_each_difference_needs_a_choice(both, two):
    first, second = two
    first.send(referral_date="17.11.2026", supervision="1")
    second.send(referral_date="18.11.2026", supervision="2")
    assert " checked" not in second.page
    answer = choose(second, referral_date="theirs")
    assert answer.status_code == 409
    assert words(find(read_html(answer.text), id="supervision-error")) == "Velg ett av svarene."
    assert answers(both, second)["referral_date"] == "2026-11-17"


def test_a_third_save_in_between_shows_the_differences_again(both, two):
    first, second = two
    first.send(referral_date="17.11.2026")
    second.send(referral_date="18.11.2026")
    first.open().send(referral_date="16.11.2026")
    answer = choose(second, referral_date="theirs")
    assert answer.status_code == 409
    assert "lagret enda en gang" in answer.text
    assert "16.11.2026" in answer.text
    assert choose(second, referral_date="theirs").status_code == 303
    assert answers(both, second)["referral_date"] == "2026-11-16"


def test_what_cannot_be_read_is_mended_before_the_answers_are_compared(site):
    course_id = site.register()
    first, second = Editor(site, course_id), Editor(site, course_id, user_id=2)
    first.send(referral_date="17.11.2026")
    answer = second.send(start_date="31.02.2026", supervision="1")
    assert answer.status_code == 422
    assert 'value="31.02.2026"' in answer.text
    answer = second.send(start_date="19.11.2026")
    assert answer.status_code == 409
    assert section(answer.text, "Bare du har endret") == {
        "Startdato": "19.11.2026",
        "Har pasienten fått tilsyn?": "Ja",
    }


def test_a_draft_from_before_the_other_saved_is_compared_when_it_is_saved(both, two):
    first, second = two
    second.autosave(referral_date="18.11.2026", supervision="1")
    first.send(referral_date="17.11.2026")
    assert "lagret av andre siden den gang" in second.open().says
    answer = second.send()
    assert asked(answer.text) == {"referral_date"}
    assert choose(second, referral_date="mine").status_code == 303
    assert answers(both, second)["referral_date"] == "2026-11-18"


def test_telephone_and_comment_are_compared_too(both):
    course_id = both.register()
    first, second = (Editor(both, course_id, "po", user_id=user) for user in (1, 2))
    first.send(phone="+4799000001", _comment="Ring om kvelden")
    answer = second.send(email="line@example.no", _comment="Ring om morgenen")
    assert asked(answer.text) == {"_comment"}
    assert choose(second, _comment="theirs").status_code == 303
    facts = both.persons.read(both.pid())
    assert (facts.phone, facts.email) == ("+4799000001", "line@example.no")
    assert row_of(both, course_id, "po").comment == "Ring om kvelden"


def add_diagnosis(editor, category):
    """Write a pain diagnosis as far as its category; returns the path of its row."""
    editor.draw(_add_row=ROWS)
    row = editor.fields["_open"][-1]
    editor.fields[f"{row}.pain_category"] = [category]
    editor.draw(_done_row=row)
    return row


def test_rows_are_compared_one_by_one(both):
    course_id = both.register()
    first, second = Editor(both, course_id, "b11"), Editor(both, course_id, "b11", user_id=2)
    mine, theirs = add_diagnosis(second, "2"), add_diagnosis(first, "1")
    first.send()
    answer = second.send()
    assert (answer.status_code, asked(answer.text)) == (409, set())
    assert "Dere har ikke svart forskjellig" in answer.text
    assert choose(second).status_code == 303
    rows = {f"{ROWS}.{row['id']}": row["pain_category"] for row in answers(both, second)[ROWS]}
    assert rows == {mine: 2, theirs: 1}


def test_a_row_that_one_removed_and_the_other_changed_is_asked_as_a_whole(both):
    course_id = both.register()
    first = Editor(both, course_id, "b11")
    row = add_diagnosis(first, "1")
    first.send()
    first.open()
    second = Editor(both, course_id, "b11", user_id=2)
    first.draw(_remove_row=row).send()
    second.draw(_edit_row=row).draw(**{f"{row}.pain_category": "2", "_done_row": row})
    answer = second.send()
    assert asked(answer.text) == {row}
    assert "Raden er fjernet" in answer.text
    assert choose(second, **{row: "mine"}).status_code == 303
    assert [one["pain_category"] for one in answers(both, second)[ROWS]] == [2]
