"""The front page in Chromium: whoever types the code of a letter is told beside the field what is wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page, press, served
from tests.eprom.paper_site import PaperSite

pytestmark = [pytest.mark.browser, pytest.mark.req("EPR-04", "OPS-07", "GEN-05")]
BUTTONS = {"Bokmål": "Gå videre", "Nynorsk": "Gå vidare", "English": "Go on"}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """The web app of a suite in which a registry writes on paper."""
    folder = tmp_path_factory.mktemp("clinic")
    made = PaperSite(folder, f"sqlite:///{folder}/eprom.sqlite")
    with served(made.app) as made.address:
        yield made
    made.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_a_wrong_code_is_told_accessibly_in_every_language_and_stays_typed(clinic, new_page, width):
    page = new_page(width=width, height=640)
    page.goto(clinic.address)
    for language, button in BUTTONS.items():
        press(page, language)
        check_page(page)
        page.get_by_role("textbox").fill("0123 4567")
        press(page, button)
        check_page(page)
        field = page.get_by_role("textbox")
        expect(field).to_have_value("0123 4567")
        expect(field).to_have_attribute("aria-invalid", "true")


@pytest.mark.req("EPR-08")
def test_by_keyboard_and_without_script_the_code_is_sent(clinic, new_page):
    page = new_page(width=390, height=844, java_script_enabled=False)
    page.goto(clinic.address)
    page.get_by_role("textbox").press_sequentially("oil")
    page.keyboard.press("Enter")

    expect(page.locator("#letter_code-error")).to_contain_text("Koden fører ikke til noe åpent skjema")
