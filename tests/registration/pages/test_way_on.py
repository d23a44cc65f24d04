"""From form to form, and what is missing on the way."""

from __future__ import annotations

import pytest

from shared.testing.html import find, read_html, words
from tests.registration.entry import Editor, address, draft_rows, row_of

pytestmark = pytest.mark.req("REG-12", "REG-13")


def links(page, place):
    return [node.get("href") for node in find(read_html(page), id=place).iter("a")]


def test_next_saves_and_goes_to_the_next_open_form_and_from_the_last_one_to_the_course(both):
    course_id, way, form = both.register(), [], "po"
    while form:
        editor = Editor(both, course_id, form)
        location = editor.send("next", **({"supervision": "1"} if form == "to" else {})).location
        way.append(form)
        form = location.partition("/forms/")[2].partition("?")[0]
    assert way == ["po", "to", "b11", "b12", "b21", "b22"]
    assert location == f"/courses/{course_id}"
    assert row_of(both, course_id, "b22").revision == 1


def test_next_passes_over_forms_that_are_locked_or_closed(site):
    course_id = site.register()
    editor = Editor(site, course_id)
    editor.send(referral_date="19.11.2026", start_date="20.11.2026", supervision="3")
    assert editor.open().send("finalise").status_code == 303
    assert Editor(site, course_id, "po").send("next").location == f"{address(course_id, 'b11')}?saved=po"
    assert Editor(site, course_id, "b11").send("next").location == f"/courses/{course_id}"


def test_the_next_form_says_what_was_saved(site):
    editor = Editor(site, site.register(), "po")
    location = editor.send("next").location
    assert "«Personopplysninger» er lagret." in words(read_html(editor.browser.get(location).text))


def test_what_is_missing_is_counted_and_listed_and_nothing_is_stored(site):
    editor = Editor(site, site.register())
    count = words(find(read_html(editor.page), id="form-missing"))
    answer = editor.send("missing", referral_date="12.1", supervision="1")
    listed = links(answer.text, "form-problems")
    assert (answer.status_code, row_of(site, editor.course_id)) == (200, None)
    assert count == "Mangler 2 svar"
    assert listed == ["#referral_date", "#norwegian_speaking", "#cognitively_impaired"]
    assert (editor.fields["referral_date"], len(draft_rows(site))) == (["12.1"], 1)


def test_the_count_follows_what_is_drawn_and_what_is_kept(site):
    editor = Editor(site, site.register())
    fields = {**editor.fields, "referral_date": "19.11.2026", "supervision": "1"}
    drawn = editor.browser.htmx("POST", address(editor.course_id, more="/draw"), fields)
    assert words(find(read_html(drawn.text), id="form-missing")) == "Mangler 2 svar"
    kept = editor.autosave(**{**fields, "norwegian_speaking": "1", "cognitively_impaired": "0"})
    assert words(find(read_html(kept.text), id="form-missing")) == "Ingen svar mangler"


def test_the_course_says_what_each_form_lacks_and_leads_there(site):
    editor = Editor(site, site.register())
    course = read_html(editor.browser.get(f"/courses/{editor.course_id}").text)
    found = {words(node) for node in course.iter("a") if (node.get("href") or "").endswith("?missing=1")}
    assert "Mangler 2 svar" in found
    assert links(editor.open("?missing=1").page, "form-problems") == ["#referral_date", "#supervision"]
