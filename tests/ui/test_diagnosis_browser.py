"""Pain diagnoses in Chromium: by mouse, keyboard and touch, with and without scripts, wide and narrow."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.testing.browser import check_page, served
from tests.shared.web.kit import METADATA
from tests.ui.diagnosis_site import HOME, DiagnosisSite

pytestmark = [pytest.mark.browser, pytest.mark.req("REG-14")]
WIDTHS = (390, 1280)
TRAUMA = {"pain_category": 1, "acute_category": 2, "anatomical_region": 9, "leg_part": 5, "main_diagnosis": 1}
NERVES = {
    "pain_category": 2,
    "lasting_category": 4,
    "neuropathic_subcategory": "f",
    "code_peripheral_neuropathic": "G62.9",
    "main_diagnosis": 0,
}
CANCER = {"pain_category": 2, "lasting_category": 2, "code_cancer": "C50.9", "main_diagnosis": 1}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('diagnoses')}/forms.sqlite")
    METADATA.create_all(engine)
    made = DiagnosisSite(Database(engine, METADATA))
    with served(made.app) as made.address:
        yield made
    engine.dispose()


@pytest.fixture
def visit(site, new_page):
    """Opens the form with some rows stored."""

    def opened(*rows, width=1280, query="", **more):
        site.kept.store(*rows)
        page = new_page(width=width, height=3000, **more)
        page.goto(f"{site.address}{HOME}{query}")
        return page

    return opened


def focus(page):
    return page.evaluate("document.activeElement.id")


def begin(page):
    page.get_by_role("button", name="Legg til smertediagnose").click()
    page.get_by_role("group", name="3a. Smertekategori").wait_for()


def choose(page, question, answer):
    page.get_by_role("group", name=question).get_by_label(answer, exact=True).check()


@pytest.mark.parametrize("width", WIDTHS)
def test_table_open_row_and_search_are_accessible_and_fit(visit, width):
    page = visit(TRAUMA, NERVES, {"pain_category": 2}, width=width)
    check_page(page)
    begin(page)
    choose(page, "3a. Smertekategori", "Palliativ")
    choose(page, "3b. Diagnosekategori", "Kreftsmerte")
    page.get_by_label("Søk på kode eller ord").fill("kreft")
    expect(page.get_by_text(re.compile("De 25 beste av"))).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Legg til", exact=True).click()
    expect(page.get_by_text("Velg et svar på «3c. Hoveddiagnose».").last).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_read_only_form_shows_the_table_alone(visit, width):
    page = visit(TRAUMA, NERVES, width=width, query="?locked")
    check_page(page)
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.locator("#q-pain_diagnoses [type=submit]")).to_have_count(0)


def test_a_diagnosis_is_written_by_keyboard_alone(site, visit):
    page = visit()
    page.get_by_role("button", name="Legg til smertediagnose").focus()
    page.keyboard.press("Enter")
    expect(page.locator("input[id$='pain_category']")).to_be_focused()
    for key in ("Space", "ArrowDown"):
        page.keyboard.press(key)
    lasting = page.get_by_role("group", name="3b. Diagnosekategori").get_by_label("Primær smerte")
    lasting.press("Space")
    page.keyboard.press("ArrowDown")
    search = page.get_by_label("Søk på kode eller ord")
    search.press_sequentially("bryst")
    page.get_by_label("C50.4 Kreft i øvre ytre kvadrant av bryst").wait_for()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("C50.4 Kreft i øvre ytre kvadrant av bryst")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("C50.9 Kreft i bryst, uspesifisert")).to_be_checked()
    page.get_by_role("group", name="3c. Hoveddiagnose").get_by_label("Ja").press("Space")
    page.get_by_role("button", name="Legg til", exact=True).press("Enter")
    expect(page.get_by_text("Lagt til: smertediagnose 1. Resten av skjemaet er som før.")).to_be_visible()
    expect(page.get_by_role("button", name="Legg til smertediagnose")).to_be_focused()
    page.get_by_role("button", name="Lagre").press("Enter")
    expect(page.locator(".row-told > p")).to_have_count(0)
    assert site.kept.rows == [CANCER]


def test_a_row_with_a_fault_keeps_the_focus_at_what_is_missing(visit):
    page = visit()
    begin(page)
    choose(page, "3a. Smertekategori", "Annet")
    page.get_by_role("button", name="Legg til", exact=True).click()
    expect(page.locator("input[id$='.main_diagnosis']").first).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_a_row_is_changed_given_up_and_deleted_and_nothing_else_moves(site, visit, script):
    page = visit(TRAUMA, NERVES, java_script_enabled=script)
    page.get_by_label("Usikker").first.check()
    page.get_by_role("button", name="Rediger smertediagnose 1").click()
    choose(page, "3c. Hoveddiagnose", "Nei")
    page.get_by_role("button", name="Avbryt registrering").click()
    expect(page.get_by_text("Registreringen er avbrutt. Ingenting er endret.")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Ja")
    page.get_by_role("button", name="Rediger smertediagnose 1").click()
    choose(page, "3c. Hoveddiagnose", "Nei")
    page.get_by_role("button", name="Endre").click()
    expect(page.get_by_text("Endret: smertediagnose 1.")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Nei")
    page.get_by_role("button", name="Slett smertediagnose 2").click()
    expect(page.get_by_text("Slettet: smertediagnose 2.")).to_be_visible()
    expect(page.get_by_label("Usikker").first).to_be_checked()
    assert site.kept.rows == [TRAUMA, NERVES]
    page.get_by_role("button", name="Lagre").click()
    expect(page.locator(".row-told > p")).to_have_count(0)
    assert site.kept.rows == [{**TRAUMA, "main_diagnosis": 0}]


def test_a_diagnosis_is_written_without_scripts(site, visit):
    page = visit(java_script_enabled=False)
    begin(page)
    choose(page, "3a. Smertekategori", "Langvarig smerte > 3 mnd")
    choose(page, "3c. Hoveddiagnose", "Ja")
    page.get_by_role("button", name="Legg til", exact=True).click()
    page.get_by_role("button", name="Rediger smertediagnose 1").click()
    choose(page, "3b. Diagnosekategori", "Kreftsmerte")
    page.get_by_role("button", name="Endre").click()
    page.get_by_role("button", name="Rediger smertediagnose 1").click()
    page.get_by_label("Søk på kode eller ord").fill("BRYST kreft")
    page.get_by_role("button", name="Søk", exact=True).click()
    page.get_by_label("C50.9 Kreft i bryst, uspesifisert").check()
    page.get_by_role("button", name="Endre").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("C50.9 Kreft i bryst, uspesifisert")
    assert site.kept.rows == []
    page.get_by_role("button", name="Lagre").click()
    assert site.kept.rows == [CANCER]


@pytest.mark.parametrize("script", [True, False])
def test_a_cell_tells_all_under_the_pointer_and_the_focus(visit, script):
    page = visit(TRAUMA, java_script_enabled=script)
    button = page.get_by_role("button", name="Underekstremiteter")
    told = page.get_by_role("tooltip", include_hidden=True)
    expect(told).not_to_be_visible()
    button.hover()
    expect(told).to_be_visible()
    expect(told).to_contain_text("Del av underekstremitet: Kne høyre")
    page.mouse.move(0, 0)
    expect(told).not_to_be_visible()
    button.focus()
    expect(told).to_be_visible()


def test_what_a_cell_tells_goes_away_by_escape_and_comes_by_touch(visit):
    page = visit(NERVES, width=390, has_touch=True)
    told = page.get_by_role("tooltip", include_hidden=True)
    page.get_by_role("button", name="G62.9 Polynevropati, uspesifisert").tap()
    expect(told).to_contain_text("3b i. Diagnosesubkategori: Perifer nevropatisk smerte")
    expect(told).to_be_visible()
    check_page(page)
    page.keyboard.press("Escape")
    expect(told).not_to_be_visible()


def test_letters_typed_while_the_server_answers_are_not_lost(visit):
    page = visit({"pain_category": 2, "lasting_category": 2})
    page.get_by_role("button", name="Rediger smertediagnose 1").click()
    search = page.get_by_label("Søk på kode eller ord")
    search.wait_for()
    page.route("**/draw", lambda route: (page.wait_for_timeout(600), route.continue_()))
    search.press_sequentially("bry")
    page.wait_for_timeout(450)
    search.press_sequentially("st", delay=150)
    expect(page.get_by_text("Treff: 2")).to_be_visible()
    expect(search).to_have_value("bryst")
