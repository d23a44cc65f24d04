"""Printing at the screen: with an entry in the log, and with a name only for who asks for it."""

from __future__ import annotations

import pytest

from shared.testing.html import find, form_values, read_html, words
from tests.registration.pages.test_forms import fill
from tests.registration.site import FONNA, KARI
from tests.ui.pdf_text import pdf_text

TEXT = "Merknad som ikke skrives ut"
pytestmark = pytest.mark.req("REG-19")


def path_of(course_id):
    return f"/courses/{course_id}/print"


def name_of(site):
    return site.persons.read(site.pid()).name


def test_a_form_is_printed_without_name_and_the_log_says_so(both):
    course_id, browser = both.register(), both.browser()
    fill(browser, course_id, referral_date="19.11.2026", supervision="1", _comment=TEXT)
    answer = browser.send_form(path_of(course_id), {"form": "to"})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = pdf_text(answer.data)
    assert "19.11.2026" in text
    assert [sign for sign in (KARI, name_of(both), TEXT) if sign in text] == []
    told = both.log()[-1]
    assert (told.action, told.object, told.reason) == ("export", f"print:{course_id}/to", "print without name")


def test_the_name_stands_on_it_for_who_asks_and_that_is_logged(both):
    course_id, browser = both.register(), both.browser()
    text = pdf_text(browser.send_form(path_of(course_id), {"form": "po", "identity": "1"}).data)
    assert KARI in text
    assert name_of(both) in text
    assert both.log()[-1].reason == "print with name and number"


def test_the_page_offers_what_can_be_printed(site):
    course_id, browser = site.register(), site.browser()
    page = read_html(browser.get(path_of(course_id), query_string={"form": "b11"}).text)
    form = find(page, action=path_of(course_id))
    assert form_values(form)["form"] == ["b11"]
    assert {node.get("value") for node in form.iter("input") if node.get("type") == "radio"} == {
        "po",
        "to",
        "b11",
        "b12",
        "b21",
        "b22",
    }


@pytest.mark.parametrize("fields", [{}, {"form": "nothing"}, {"form": "pasreg"}])
def test_what_cannot_be_printed_is_said_beside_the_list(site, fields):
    answer = site.browser().send_form(path_of(site.register()), fields)
    assert answer.status_code == 422
    assert words(find(read_html(answer.text), id="form-error"))


def test_others_print_nothing(site):
    course_id, stranger = site.register(), site.browser(organisation=FONNA)
    assert stranger.get(path_of(course_id)).status_code == 404
    assert stranger.send_form(path_of(course_id), {"form": "to"}).status_code == 404


@pytest.mark.req("REG-29")
@pytest.mark.parametrize("form", ["to", "pasreg"])
def test_an_empty_form_is_there_for_everybody_who_registers(site, form):
    answer = site.browser().get(f"/forms/{form}/empty")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="smertereg-{form}.pdf"'
    assert site.browser().get("/forms/nothing/empty").status_code == 404
    assert site.visitor().get(f"/forms/{form}/empty").status_code != 200
