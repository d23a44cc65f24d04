"""The end of a form: a copy of the answers for who gave them, and what happens now."""

from __future__ import annotations

import pytest

from shared.testing.html import read_html, words
from tests.eprom.pages.patient import answer, patient
from tests.eprom.site import OLA
from tests.ui.pdf_text import pdf_text

pytestmark = [pytest.mark.req("EPR-01")]
PATH = "contacts_last_year"
LINK = "Last ned en kopi (PDF)"


def answered(site):
    """A form with an answer, and the browser it was given in."""
    order_id, browser = site.sent(), patient(site)
    answer(browser, order_id, PATH, "17")
    return order_id, browser


def test_the_copy_holds_the_answers_and_is_accessible(both):
    order_id, browser = answered(both)
    copy = browser.get(f"/form/{order_id}/copy")
    text = pdf_text(copy.data)

    assert (copy.mimetype, copy.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert "kopi.pdf" in copy.headers["Content-Disposition"]
    assert "17" in text
    assert "Omtrent hvor mange ganger" in text.replace("\n", " ")
    assert b"pdfuaid" in copy.data
    assert (both.log()[-1].reason, both.log()[-1].object) == ("own_copy", "form:pasreg")


def test_the_copy_is_for_the_session_that_answered(site):
    order_id, browser = answered(site)
    assert LINK in browser.get(f"/form/{order_id}/summary").text

    later = patient(site)
    assert LINK not in later.get(f"/form/{order_id}/summary").text
    assert later.get(f"/form/{order_id}/copy").location == f"/form/{order_id}/summary"
    assert patient(site, OLA).get(f"/form/{order_id}/copy").status_code == 404


def test_after_handing_in_there_is_no_copy_and_it_says_what_happens_now(site):
    order_id, browser = answered(site)
    browser.send_form(f"/form/{order_id}/submit")
    told = words(read_html(browser.get(f"/form/{order_id}/thanks").text))

    assert "Svarene går til Nasjonalt kvalitetsregister for smertebehandling" in told
    assert "Svarene blir ikke lest med det samme" in told
    assert browser.get(f"/form/{order_id}/copy").mimetype == "text/html"
