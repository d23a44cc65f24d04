"""Forms that cannot be answered any more say so kindly, and show nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.eprom.usecases.answer_form import forget_answers
from services.eprom.usecases.place_order import stop_dead_person
from services.eprom.usecases.schedules import schedules
from shared.testing.html import read_html, words
from tests.eprom.pages.patient import answer, patient
from tests.eprom.site import KARI
from tests.eprom.test_worker import AFTER_THE_END, MORNING

PAGES = ("", "/question/contacts_last_year", "/summary", "/decline")
GONE = "Lenken er ikke i bruk lenger"


def look(browser, path):
    return words(read_html(browser.get(path).text))


def hand_in(site, order_id):
    browser = patient(site)
    answer(browser, order_id, "contacts_last_year", "7")
    browser.send_form(f"/form/{order_id}/submit")
    return browser


def check_closed(site, order_id, sentence):
    """Every page says the sentence, nothing can be sent, and the link leads nowhere."""
    browser = patient(site)
    for path in PAGES:
        assert sentence in look(browser, f"/form/{order_id}{path}")
    state, kept = site.row(order_id).state, site.answers(order_id)
    for path in ("/question/contacts_last_year", "/submit", "/decline"):
        assert sentence in browser.send_form(f"/form/{order_id}{path}", {"contacts_last_year": "3"}).text
    assert (site.row(order_id).state, site.answers(order_id) is None) == (state, kept is None)
    assert GONE in look(site.visitor(), f"/s/{site.token(order_id)}")


@pytest.mark.req("EPR-08")
def test_an_answered_form_is_not_opened_again(site):
    order_id = site.sent()
    hand_in(site, order_id)
    check_closed(site, order_id, "Vi har fått svarene dine")

    forget_answers(order_id, uow=site.uow)
    check_closed(site, order_id, "Vi har fått svarene dine")


@pytest.mark.req("EPR-05", "EPR-08")
def test_the_last_day_counts_to_its_end_and_not_a_minute_longer(site):
    order_id = site.sent()
    site.work_until(MORNING - timedelta(days=1))
    site.work_until(MORNING)
    end = AFTER_THE_END - timedelta(minutes=5)
    site.clock.move(end - timedelta(minutes=1) - site.clock.now())
    assert answer(patient(site), order_id, "contacts_last_year", "7").status_code == 303

    site.clock.move(timedelta(minutes=1))
    assert site.row(order_id).state == "reminded"
    assert "Fristen for å svare er ute" in look(patient(site), f"/form/{order_id}")
    site.work_until(AFTER_THE_END)
    check_closed(site, order_id, "Fristen for å svare er ute")
    assert site.answers(order_id) is None


@pytest.mark.req("EPR-06", "EPR-10")
def test_a_form_that_was_called_back_keeps_nothing(site):
    order_id = site.sent()
    answer(patient(site), order_id, "contacts_last_year", "7")
    stop_dead_person(KARI, schedules=schedules(), uow=site.uow)

    check_closed(site, order_id, "Skjemaet er trukket tilbake")
    assert site.answers(order_id) is None


@pytest.mark.req("EPR-08")
def test_before_it_is_sent_there_is_no_form(site):
    assert patient(site).get(f"/form/{site.order()}").status_code == 404


@pytest.mark.req("EPR-01")
def test_after_one_form_the_next_is_offered(site):
    second, first = site.order(form="hads"), site.sent()
    thanks = hand_in(site, first).get(f"/form/{first}/thanks").text

    assert f'href="/form/{second}"' in thanks


@pytest.mark.req("EPR-05")
def test_the_introduction_tells_the_last_day(site):
    order_id = site.sent()

    assert "til og med 29.11.2026" in look(patient(site), f"/form/{order_id}")


@pytest.mark.req("EPR-01")
def test_saying_no_is_asked_about_first(site):
    order_id, browser = site.sent(), patient(site)

    assert "Ønsker du ikke å svare?" in look(browser, f"/form/{order_id}/decline")
    assert browser.get(f"/form/{order_id}/declined").headers["Location"] == f"/form/{order_id}"
    browser.send_form(f"/form/{order_id}/decline")
    assert "Det er notert" in look(browser, f"/form/{order_id}/declined")
