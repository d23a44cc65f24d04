"""The citizen's pages: reserve, the receipt, own cases, and taking it back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services.reservation.store.tables import ReservedRow
from shared.testing.html import read_html, words
from shared.web.tables import WEB
from tests.reservation.site import OLA, SIGRID


def text_of(page):
    assert page.status_code == 200
    return words(read_html(page.text))


@pytest.mark.req("RES-03", "RES-05")
def test_a_citizen_reserves_and_gets_a_receipt(both):
    browser = both.citizen()
    assert "Du er ikke reservert" in text_of(browser.get("/my/"))
    assert "Ja, reserver meg" in text_of(browser.get("/my/reserve/smertereg"))
    receipt = text_of(browser.get(both.reserve(browser)))
    (case,) = both.cases()

    assert case.case_id in receipt
    assert "21.12.2026" in receipt
    assert "Du er reservert" in text_of(browser.get("/my/"))
    assert both.rows(select(ReservedRow.person_hash)) == [both.means.numbers.hash_of(SIGRID)]
    looks = [("read", "own cases"), ("write", f"case:{case.case_id}/reserve"), ("read", f"case:{case.case_id}")]
    assert both.log() == [(f"citizen:{subject(both)}", *look) for look in [*looks, looks[0]]]


def subject(site):
    (content,) = [
        row["principal"]["subject"] for row in site.rows(select(WEB.web_session.c.content)) if "principal" in row
    ]
    return content


@pytest.mark.req("RES-03", "RES-07")
def test_a_reservation_is_taken_back(site):
    browser = site.citizen()
    site.reserve(browser)
    receipt = browser.send_form("/my/take-back/smertereg").location

    assert "ikke lenger reservert" in text_of(browser.get(receipt))
    assert "Reservasjon trukket tilbake" in text_of(browser.get("/my/"))
    assert site.rows(select(ReservedRow)) == []


@pytest.mark.req("RES-03")
def test_what_cannot_be_done_is_said(site):
    browser = site.citizen()
    assert "ikke reservert" in browser.send_form("/my/take-back/smertereg").text
    site.reserve(browser)
    twice = browser.send_form("/my/reserve/smertereg")

    assert (twice.status_code, len(site.cases())) == (422, 1)
    assert "allerede reservert" in twice.text


@pytest.mark.req("RES-03", "GEN-04")
def test_nobody_sees_another_ones_case(site):
    receipt = site.reserve(site.citizen())

    assert site.citizen(OLA).get(receipt).status_code == 404
    assert "Du er ikke reservert" in text_of(site.citizen(OLA).get("/my/"))


@pytest.mark.req("RES-03", "GEN-04")
def test_the_number_comes_from_the_log_in_only_and_is_kept_closed(site):
    browser = site.citizen()
    browser.send_form("/my/reserve/smertereg", {"pid": OLA, "number": OLA})
    kept = repr(site.rows(select(WEB.web_session.c.content)))
    (case,) = site.cases()

    assert case.person_hash == site.means.numbers.hash_of(SIGRID)
    assert site.means.numbers.open(case.sealed_number, place=f"case:{case.case_id}") == SIGRID
    assert SIGRID not in kept + browser.get("/my/").text


def test_an_unknown_registry_is_no_page(site):
    browser = site.citizen()

    assert browser.get("/my/reserve/nowhere").status_code == 404
    assert browser.send_form("/my/reserve/nowhere").status_code == 404


def test_a_visitor_is_sent_to_idporten(site):
    assert site.browser().get("/my/").location.startswith("/login?door=citizen")
