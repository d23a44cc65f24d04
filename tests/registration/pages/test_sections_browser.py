"""Parts of a form that fold, help, and the hint about visits, in a browser: by keyboard, by touch, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page
from tests.registration.pages.test_forms import fill

pytestmark = [pytest.mark.browser]
CLOSED = "details.section-fold:not([open])"


@pytest.fixture
def b22(desk, visit):
    """Opens B2.2 of a course that is seen."""
    course_id = desk.register()
    fill(desk.browser(), course_id, supervision="1")
    return lambda **more: visit(course_id, "b22", **more)


def part(page, number=1):
    return page.locator("details.section-fold").nth(number)


@pytest.mark.req("REG-19")
def test_a_part_folds_by_keyboard_and_stays_so_while_the_page_is_drawn_anew(b22):
    page = b22()
    part(page).locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(CLOSED)).to_have_count(1)
    with page.expect_response(lambda answer: answer.url.endswith("/draw")):
        page.locator('[name="medication"]').last.check()
    page.wait_for_timeout(200)
    expect(page.locator(CLOSED)).to_have_count(1)
    page.keyboard.press("Shift+Tab")
    part(page).locator("summary").first.press("Space")
    expect(page.locator(CLOSED)).to_have_count(0)


@pytest.mark.req("REG-19")
def test_help_and_parts_open_by_touch(b22):
    page = b22(width=390, has_touch=True)
    part(page).locator("summary").first.tap()
    expect(page.locator(CLOSED)).to_have_count(1)
    help_ = page.locator(".question-help").first
    help_.locator("summary").tap()
    expect(help_.locator("p")).to_be_visible()
    box = help_.locator("summary").bounding_box()
    assert min(box["width"], box["height"]) >= 24
    check_page(page)


@pytest.mark.req("REG-19")
def test_nothing_is_folded_while_it_has_a_fault(b22):
    page = b22()
    page.fill('[name="total_hours"]', "9999")
    page.locator("button[value=save]").last.click()
    faulty = page.locator("details.section-fold:has([data-invalid])")
    expect(faulty).to_have_count(1)
    faulty.locator("summary").first.click()
    page.wait_for_timeout(100)
    expect(page.locator(CLOSED)).to_have_count(0)


@pytest.mark.req("REG-19")
def test_without_scripts_all_is_open(b22):
    page = b22(java_script_enabled=False)
    assert page.locator("details.section-fold").count() > 3
    expect(page.locator(CLOSED)).to_have_count(0)


@pytest.mark.req("REG-19")
def test_the_print_holds_folded_parts_too(b22):
    page = b22()
    part(page).locator("summary").first.click()
    expect(page.locator(CLOSED)).to_have_count(1)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(CLOSED)).to_have_count(0)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(CLOSED)).to_have_count(1)
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".question-help").first).to_be_hidden()


@pytest.mark.req("REG-17")
def test_the_hint_on_patient_visits_comes_when_visits_are_written(b22):
    page = b22()
    told = page.locator(".hint-told")
    expect(told).to_have_text("")
    page.check('[name="caregivers.doctor"]')
    page.fill('[name="caregivers.doctor.times"]', "2")
    page.keyboard.press("Tab")
    expect(told).to_contain_text("antall pasienttilsyn")
    assert told.get_attribute("role") == "status"
