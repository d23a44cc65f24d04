"""The two frames and the fields in Chromium: accessible, fitting every screen, usable by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.browser import check_page, served
from tests.shared.web.kit import METADATA
from tests.ui.frame_site import FAULTS, frame_app

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07")]
WIDTHS = (320, 390, 1280)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('frames')}/frames.sqlite")
    METADATA.create_all(engine)
    with served(frame_app(Database(engine, METADATA))) as found:
        yield found
    engine.dispose()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/desk", "/side", "/patient", "/nowhere"])
def test_frame_is_accessible_and_fits(new_page, address, path, width):
    page = new_page(width=width, statuses=(404,))
    page.goto(address + path)
    check_page(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_refused_form_is_accessible_and_every_fault_leads_to_its_field(new_page, address, width):
    page = new_page(width=width)
    page.goto(f"{address}/desk")
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_title(re.compile("^Feil: "))
    expect(page.locator("#error-summary:focus")).to_have_count(1)
    check_page(page)
    for name in FAULTS:
        page.locator(f'#error-summary a[href="#{name}"]').click()
        assert page.evaluate("document.activeElement.name") == name


def test_first_stop_of_the_keyboard_leads_past_the_menu(page, address):
    page.goto(f"{address}/desk")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main:focus")).to_have_count(1)


def test_language_is_chosen_without_leaving_the_page(page, address):
    page.goto(f"{address}/desk")
    page.get_by_role("button", name="English").click()
    assert page.url == f"{address}/desk"
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_text("Log in").or_(page.get_by_text("Skip to")).count() == 1


@pytest.mark.parametrize(("path", "bar"), [("/side", ".bar"), ("/patient", ".patient-bar")])
def test_bar_stays_at_the_bottom(new_page, address, path, bar):
    page = new_page(width=390, height=600)
    page.goto(address + path)
    box = page.locator(bar).bounding_box()
    assert box["y"] + box["height"] == pytest.approx(600, abs=1)


def test_own_letters_and_colour_are_used(page, address):
    page.goto(f"{address}/desk")
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Inter'))")
    assert page.get_by_role("button", name="Send").evaluate("node => getComputedStyle(node).backgroundColor")
