"""The overview: how each question stands, and where the patient goes on, on any device."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.testing.html import find, read_html, words
from tests.eprom.pages.patient import answer, patient
from tests.eprom.site import OLA

pytestmark = [pytest.mark.req("EPR-01")]
FIRST, SECOND, THIRD = "sleep_before_admission", "sleep_after_admission", "contacts_last_year"


def marks(browser, order_id):
    """What the overview says of each question, by its path."""
    tree = read_html(browser.get(f"/form/{order_id}/overview").text)
    lines = [node for node in tree.iter("li") if node.get("data-mark")]
    return {line.find("a").get("href").rsplit("/", 1)[1]: line.get("data-mark") for line in lines}


def go_on(browser, order_id, page="overview"):
    """Where the button for going on leads."""
    tree = read_html(browser.get(f"/form/{order_id}/{page}".rstrip("/")).text)
    buttons = [node.get("href") for node in tree.iter("a") if node.get("class") == "ds-button"]
    return buttons[-1].rsplit("/", 1)[1]


def test_each_question_is_answered_skipped_or_neither(both):
    order_id, browser = both.sent(), patient(both)
    assert set(marks(browser, order_id).values()) == {"unanswered"}
    answer(browser, order_id, FIRST, "2")
    answer(browser, order_id, SECOND, "", act="skip")

    found = marks(browser, order_id)
    assert (found[FIRST], found[SECOND], found[THIRD]) == ("answered", "skipped", "unanswered")
    page = words(read_html(browser.get(f"/form/{order_id}/overview").text))
    assert "1 av 6 spørsmål er besvart" in page
    assert "Hoppet over" in page


def test_going_on_without_an_answer_counts_as_skipped_until_it_is_answered(site):
    order_id, browser = site.sent(), patient(site)
    browser.send_form(f"/form/{order_id}/question/{FIRST}", {"_shown": FIRST, "act": "next"})
    assert marks(browser, order_id)[FIRST] == "skipped"

    answer(browser, order_id, FIRST, "1")
    assert marks(browser, order_id)[FIRST] == "answered"
    assert site.answers(order_id).skipped == []


def test_looking_back_skips_nothing(site):
    order_id, browser = site.sent(), patient(site)
    browser.send_form(f"/form/{order_id}/question/{SECOND}", {"_shown": SECOND, "act": "back"})

    assert marks(browser, order_id)[SECOND] == "unanswered"


@pytest.mark.parametrize("page", ["", "overview"])
def test_another_device_goes_on_at_the_first_question_that_was_not_reached(site, page):
    order_id, browser = site.sent(), patient(site)
    answer(browser, order_id, FIRST, "", act="skip")
    answer(browser, order_id, SECOND, "1")
    assert go_on(patient(site), order_id, page) == THIRD

    for path in marks(browser, order_id):
        answer(browser, order_id, path, "", act="skip")
    assert go_on(patient(site), order_id, page) == "summary"


def test_every_page_says_when_the_answers_were_saved(site):
    order_id, browser = site.sent(), patient(site)
    answer(browser, order_id, FIRST, "1")
    site.clock.move(timedelta(minutes=25))
    page = f"/form/{order_id}/question/{SECOND}"
    assert "Svarene dine er lagret i dag kl. 16.30." in browser.get(page).text

    site.clock.move(timedelta(days=1))
    assert "Svarene dine er lagret 23.11.2026 kl. 16.30." in patient(site).get(page).text


def test_before_anything_is_saved_nothing_is_claimed(site):
    order_id = site.sent()
    assert 'class="saved"' not in patient(site).get(f"/form/{order_id}/question/{FIRST}").text


def test_only_skipped_questions_are_no_answers(site):
    order_id, browser = site.sent(), patient(site)
    answer(browser, order_id, FIRST, "", act="skip")

    assert browser.send_form(f"/form/{order_id}/submit").status_code == 422
    assert site.row(order_id).state == "sent"


def test_the_overview_of_another_person_does_not_exist(site):
    order_id = site.sent()
    assert patient(site, OLA).get(f"/form/{order_id}/overview").status_code == 404


@pytest.mark.req("EPR-12")
@pytest.mark.parametrize(("form", "is_sample"), [("hads", True), ("pasreg", False)])
def test_what_is_sample_wording_is_marked_as_such(site, form, is_sample):
    order_id = site.sent(form=form)
    page = words(read_html(patient(site).get(f"/form/{order_id}").text))

    assert ("Spørsmålene her er eksempler." in page) == is_sample


def test_every_question_leads_to_the_overview(site):
    order_id = site.sent()
    tree = read_html(patient(site).get(f"/form/{order_id}/question/{FIRST}").text)
    assert words(find(tree, href=f"/form/{order_id}/overview")) == "Oversikt"


@pytest.mark.parametrize(("form", "count"), [("hads", "Skjemaet har 14 spørsmål."), ("opioid", "")])
def test_the_introduction_tells_how_long_the_form_is_where_that_is_known(site, form, count):
    order_id = site.sent(form=form)
    page = words(read_html(patient(site).get(f"/form/{order_id}").text))

    assert ("Skjemaet har" in page, count in page) == (bool(count), True)
