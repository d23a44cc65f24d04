"""Forms in Chromium: accessible, fitting every screen, usable by keyboard and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.browser import check_page
from tests.shared.web.kit import METADATA
from tests.ui.form_site import POST_TO, FormSite, sample_pages

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07")]
WIDTHS = (320, 390, 1280)
PATIENT = ("boolean", "choice", "choices", "nrs", "integer", "date", "area")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('forms')}/forms.sqlite")
    METADATA.create_all(engine)
    made = FormSite(Database(engine, METADATA))
    yield made
    made.close()
    engine.dispose()


@pytest.fixture
def visit(site, new_page):
    """Opens a page of the site."""

    def opened(path, width=1280, **more):
        page = new_page(width=width, height=4000, **more)
        page.goto(f"{site.address}{path}")
        return page

    return opened


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", sorted(sample_pages()))
def test_every_state_of_a_form_is_accessible_and_fits(visit, name, width):
    check_page(visit(f"/samples/{name}", width))


@pytest.mark.parametrize("path", [f"/patient/{name}{part}" for name in PATIENT for part in ("", "/fault")])
def test_every_question_to_a_patient_is_accessible_and_fits(visit, path):
    check_page(visit(path, 320))


def test_scale_is_one_stop_and_moves_with_the_arrows(visit):
    page = visit(POST_TO)
    page.locator('[name="operated"]').last.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator('[name="pain"]:checked').input_value() == "3"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "_clear"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#q-opioids') !== null")


@pytest.mark.req("REG-16")
@pytest.mark.parametrize("script", [True, False])
def test_a_chosen_answer_can_be_taken_back(visit, script):
    page = visit(POST_TO, java_script_enabled=script)
    assert page.locator(".clear-answer:visible").count() == 0
    page.get_by_label("Nei", exact=True).check()
    page.get_by_role("button", name="Fjern svaret Er pasienten operert?").click()
    expect(page.locator('[name="operated"]:checked')).to_have_count(0)
    expect(page.locator(".clear-answer:visible")).to_have_count(0)


def test_enter_in_a_field_clears_nothing(visit):
    page = visit(POST_TO)
    page.get_by_label("Ja", exact=True).check()
    with page.expect_navigation():
        page.get_by_label("Hvilket år?").press("Enter")
    expect(page.get_by_label("Ja", exact=True)).to_be_checked()


def test_help_stays_open_while_the_form_changes(visit):
    page = visit(POST_TO)
    page.locator(".question-help > summary").first.click()
    page.get_by_label("Ja", exact=True).check()
    page.get_by_label("Hvilket år?").wait_for()
    expect(page.get_by_text("Alle inngrep teller.")).to_be_visible()


def test_scale_shows_where_the_focus_is(visit):
    page = visit(POST_TO)
    page.locator('[id="pain"]').focus()
    page.keyboard.press("ArrowRight")
    assert page.locator('[for="pain.1"]').evaluate("node => getComputedStyle(node).outlineStyle") == "solid"


@pytest.mark.req("REG-16")
def test_form_works_without_scripts(visit):
    page = visit(POST_TO, java_script_enabled=False)
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Lagre").click()
    page.get_by_role("link", name="Svar på spørsmålet «Hvilket år?».").click()
    page.locator(":focus").fill("2019")
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_label("Hvilket år?")).to_have_value("2019")


def test_summary_has_the_focus_after_a_refusal(visit):
    page = visit(POST_TO, java_script_enabled=False)
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator("#form-problems:focus")).to_have_count(1)


@pytest.mark.req("REG-16")
def test_answer_opens_its_questions_at_once_and_keeps_what_was_typed(visit):
    page = visit(POST_TO)
    page.get_by_label("Ja", exact=True).check()
    page.get_by_label("Hvilket år?").press_sequentially("2019")
    page.get_by_label("Nei", exact=True).check()
    page.get_by_label("Hvilket år?").wait_for(state="detached")
    assert page.evaluate("document.activeElement.id") == "operated.2"
    page.get_by_label("Ja", exact=True).check()
    expect(page.get_by_label("Hvilket år?")).to_have_value("")


@pytest.mark.req("REG-15")
def test_equivalents_follow_while_a_dose_is_typed(visit):
    page = visit(POST_TO)
    page.locator('[id="opioids.morphine"]').press_sequentially("40", delay=30)
    expect(page.locator("tfoot output")).to_have_text("40")
    assert page.evaluate("document.activeElement.id") == "opioids.morphine"
    page.keyboard.type("0")
    expect(page.locator("tfoot output")).to_have_text("400")


def test_fault_told_underway_leaves_the_focus_where_it_is(visit):
    page = visit(POST_TO)
    page.get_by_label("Ja", exact=True).check()
    page.get_by_label("Hvilket år?").fill("i fjor")
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Hvilket år? Skriv bare siffer.").wait_for()
    page.wait_for_timeout(100)
    assert page.evaluate("document.activeElement.name") == "pain"
