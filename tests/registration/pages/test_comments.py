"""The internal comment of a form: saved with it, marked in the list, refused with a number, told to nobody."""

from __future__ import annotations

import pytest

from shared.contracts.event import dump
from shared.testing.html import find, read_html, words
from tests.registration.pages.test_forms import TO, address, course_of, events, fill, row_of
from tests.registration.site import KARI

TEXT = "Pårørende vil ringes på kveldstid"
pytestmark = pytest.mark.req("REG-18")


def test_a_comment_is_saved_with_its_form_and_marked_in_the_work_list(both):
    course_id, browser = both.register(), both.browser()
    assert "Kommentar" not in words(read_html(browser.get("/work-list").text))
    assert fill(browser, course_id, supervision="1", _comment=f"{TEXT}\r\nI dag").status_code == 303
    assert row_of(both, course_id).comment == f"{TEXT}\nI dag"
    assert TEXT in browser.get(address(course_id)).text
    assert course_of(both, course_id).has_comment
    assert "Kommentar" in words(read_html(browser.get("/work-list").text))


def test_the_mark_goes_with_the_last_comment(both):
    course_id, browser = both.register(), both.browser()
    fill(browser, course_id, _comment=TEXT)
    fill(browser, course_id, "b11", _comment=TEXT)
    fill(browser, course_id, _comment="")
    assert course_of(both, course_id).has_comment
    fill(browser, course_id, "b11", _comment=" ")
    assert not course_of(both, course_id).has_comment


def test_a_comment_with_a_number_is_refused_beside_it_and_nothing_typed_is_lost(both):
    course_id, browser = both.register(), both.browser()
    answer = fill(browser, course_id, referral_date="19.11.2026", _comment=f"Gjelder {KARI}")
    assert answer.status_code == 422
    tree = read_html(answer.text)
    assert "fødselsnummer" in words(find(tree, id="_comment-error"))
    assert find(tree, id="_comment").get("aria-invalid") == "true"
    assert "".join(find(tree, id="_comment").itertext()).strip() == f"Gjelder {KARI}"
    assert 'value="19.11.2026"' in answer.text
    assert row_of(both, course_id) is None


def test_what_cannot_be_read_keeps_the_typed_comment_on_the_page(site):
    answer = fill(site.browser(), site.register(), referral_date="31.02.2026", _comment=TEXT)
    assert (answer.status_code, TEXT in answer.text) == (422, True)


def test_a_locked_form_shows_its_comment_and_takes_no_other(site):
    course_id, browser = site.register(), site.browser()
    fill(browser, course_id, supervision="1")
    fill(browser, course_id, act="finalise", _comment=TEXT, **TO)
    page = read_html(browser.get(address(course_id)).text)
    assert TEXT in words(page)
    assert list(page.iter("textarea")) == []
    browser.send_form(address(course_id), {"_comment": "Noe annet", "revision": "2"})
    assert row_of(site, course_id).comment == TEXT


def test_events_answers_and_the_log_hold_no_comment(site):
    course_id, browser = site.register(), site.browser()
    fill(browser, course_id, supervision="1")
    fill(browser, course_id, act="finalise", _comment=TEXT, **TO)
    told = [dump(event) for event in events(site, object)]
    assert (len(told) > 1, TEXT in str(told)) == (True, False)
    assert TEXT not in str(row_of(site, course_id).document)
    assert {"_comment": [False, True]}.items() <= site.log()[-1].change.items()
    assert TEXT not in str([entry.change for entry in site.log()])
