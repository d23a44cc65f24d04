"""Bokmål, nynorsk and English: changed in the middle of a form without losing place or answer."""

from __future__ import annotations

import pytest

from shared.testing.html import find, read_html
from tests.eprom.pages.patient import answer, patient

pytestmark = [pytest.mark.req("GEN-05", "EPR-01")]
PATH = "contacts_last_year"


def language_of(page):
    return read_html(page.text).get("lang")


@pytest.mark.parametrize("language", ["nn", "en", "nb"])
def test_the_question_stays_with_what_was_typed(site, language):
    order_id, browser = site.sent(), patient(site)
    changed = answer(browser, order_id, PATH, "7", language=language)
    assert changed.headers["Location"] == f"/form/{order_id}/question/{PATH}"

    page = browser.get(changed.headers["Location"])
    assert language_of(page) == language
    assert find(read_html(page.text), id=PATH).get("value") == "7"


def test_what_cannot_be_kept_is_still_there_in_the_other_language(site):
    order_id, browser = site.sent(), patient(site)
    page = answer(browser, order_id, PATH, "many", language="en")

    assert (page.status_code, language_of(page)) == (422, "en")
    assert find(read_html(page.text), id=PATH).get("value") == "many"
    assert language_of(browser.get(f"/form/{order_id}")) == "en"


def test_another_language_skips_nothing(site):
    order_id, browser = site.sent(), patient(site)
    browser.send_form(f"/form/{order_id}/question/{PATH}", {"_shown": PATH, "language": "nn"})

    assert not site.answers(order_id).skipped


def test_a_language_that_we_do_not_speak_is_refused(site):
    order_id = site.sent()
    assert answer(patient(site), order_id, PATH, "7", language="xx").status_code == 400
    assert site.answers(order_id) is None
