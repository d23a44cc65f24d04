"""Whoever is asked by another registry is told which one it is, before and after answering."""

from __future__ import annotations

import pytest

from services.eprom.usecases.orderers import add_orderer
from shared.testing.html import read_html, words
from tests.eprom.outside_site import ORDERER, OutsideSite
from tests.eprom.pages.patient import answer, patient
from tests.ui.pdf_text import pdf_text

pytestmark = pytest.mark.req("EPR-01", "EPR-15", "GEN-05")
NECK, OURS = "Nasjonalt nakkeregister", "Nasjonalt kvalitetsregister for smertebehandling"


@pytest.fixture
def site(tmp_path):
    made = OutsideSite(tmp_path, f"sqlite:///{tmp_path}/eprom.sqlite")
    made.key = add_orderer(NECK, ORDERER, secret=made.means.link_key, uow=made.uow)
    yield made
    made.close()


def asked(site):
    """A form another registry asks for, and the browser of its person."""
    order_id = site.ordered()
    site.work()
    return order_id, patient(site, site.row(order_id).pid)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nb", f"Det er {NECK} som ber deg svare"),
        ("nn", f"Det er {NECK} som ber deg svare, og svara"),
        ("en", f"{NECK} asks you to answer"),
    ],
)
def test_the_first_page_names_who_asks(site, language, expected):
    order_id, browser = asked(site)
    shown = browser.get(f"/form/{order_id}", headers={"Accept-Language": language})

    assert expected in words(read_html(shown.text))


def test_the_copy_and_the_end_name_who_gets_the_answers_and_not_our_registry(site):
    order_id, browser = asked(site)
    answer(browser, order_id, "contacts_last_year", "17")
    copy = pdf_text(browser.get(f"/form/{order_id}/copy").data).replace("\n", " ")
    browser.send_form(f"/form/{order_id}/submit")
    thanks = words(read_html(browser.get(f"/form/{order_id}/thanks").text))

    assert (NECK in copy, OURS in copy) == (True, False)
    assert (f"Svarene går til {NECK}" in thanks, OURS in thanks) == (True, False)


def test_of_our_own_forms_nobody_else_is_named(site):
    order_id = site.sent()

    assert "som ber deg svare" not in patient(site).get(f"/form/{order_id}").text
