"""Filling in by keyboard in Chromium, and a page that never jumps while it is drawn anew."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.registration.entry import row_of

pytestmark = [pytest.mark.browser, pytest.mark.req("REG-13", "OPS-07")]
DRAWN = re.compile(r"/draw$")
BOXES = "[name=referred_by]"
WHERE = "() => [document.activeElement.id, scrollY, document.activeElement.getBoundingClientRect().top]"
MOST = 2  # pixels
PLAIN = ["to", "b11", "b22"]


@pytest.fixture
def course_id(desk):
    return desk.register()


def checked(page, name):
    return [box.input_value() for box in page.locator(f"[name='{name}']:checked").all()]


def test_a_digit_chooses_and_enter_goes_to_the_next_question(visit, course_id):
    page = visit(course_id)
    page.locator("[name=referral_date]").focus()
    page.keyboard.type("19.11.2026")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "referred_by"
    page.keyboard.press("2")
    assert checked(page, "referred_by") == [page.locator(BOXES).nth(1).input_value()]
    page.keyboard.press("2")
    assert checked(page, "referred_by") == []


def test_a_number_on_a_scale_is_typed_and_ten_takes_two_digits(visit, course_id):
    page = open_scale(visit, course_id)
    scale = page.locator(".nrs-input").first.get_attribute("name")
    page.locator(".nrs-input").first.focus()
    for keys, chosen in (("7", "7"), ("1", "1"), ("0", "10")):
        page.keyboard.press(keys)
        assert checked(page, scale) == [chosen]
    page.wait_for_timeout(800)
    page.keyboard.press("0")
    assert checked(page, scale) == ["0"]


def open_scale(visit, course_id):
    """A form that asks for numbers from 0 to 10."""
    page = visit(course_id, "b12")
    with page.expect_response(DRAWN):
        page.locator("[name=can_state_nrs][value='1']").check()
    page.wait_for_selector(".nrs-input")
    return page


def test_control_and_enter_save_and_go_on(desk, visit, course_id):
    page = visit(course_id)
    page.locator("[name=referral_date]").fill("19.11.2026")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/b11[?]saved=to$"))
    assert row_of(desk, course_id).document["answers"]["referral_date"] == "2026-11-19"


def test_enter_in_the_last_question_leads_to_the_comment(visit, course_id):
    page = visit(course_id)
    page.locator("form.register-form .question input:visible").last.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "_comment"


def test_the_count_of_what_is_missing_follows(visit, course_id):
    page = visit(course_id)
    expect(page.locator("#form-missing")).to_have_text("Mangler 2 svar")
    with page.expect_response(DRAWN):
        page.locator("[name=supervision]").first.check()
    expect(page.locator("#form-missing")).to_have_text("Mangler 3 svar")
    page.locator("[name=referral_date]").fill("19.11.2026")
    expect(page.locator("#form-missing")).to_have_text("Mangler 2 svar")


@pytest.mark.parametrize("form", PLAIN)
def test_neither_focus_nor_page_moves_when_a_question_changes_the_form(desk, visit, course_id, form):
    page, moved, tried = visit(course_id, form), [], set()
    while paths := driving(page) - tried:
        path = min(paths)
        tried.add(path)
        moved += [(path, *found) for found in (*answers_move(page, path), *typing_moves(page, path))]
    assert len(tried) > 1
    assert moved == []


def driving(page):
    """The questions that the form is drawn anew for."""
    return {node.get_attribute("id") for node in page.locator(".question[hx-post]").all()}


def answers_move(page, path):
    """Give each answer of one question, and tell where focus or page went."""
    controls = page.locator(f"[id='{path}'] :is(input[type=radio], input[type=checkbox]):enabled:visible")
    for name in [control.get_attribute("id") for control in controls.all()]:
        control = page.locator(f"[id='{name}']")
        control.scroll_into_view_if_needed()
        control.focus()
        # What is ticked is unticked again: it may lock its neighbours.
        for _ in range(2 if control.get_attribute("type") == "checkbox" else 1):
            yield from press_moves(page)


def typing_moves(page, path):
    """Write into the fields of one question, go on, and tell where focus or page went when the form came back."""
    fields = page.locator(f"[id='{path}'] input[type=text]:visible")
    for name in [field.get_attribute("id") for field in fields.all()]:
        field = page.locator(f"[id='{name}']")
        field.scroll_into_view_if_needed()
        field.focus()
        page.keyboard.type("19.11.2026" if "date" in name else "2")
        with page.expect_response(DRAWN):
            page.keyboard.press("Tab")
            before = page.evaluate(WHERE)
        # What opens above the next question moves that question, not the page.
        yield from differences(page, before, slice(1))


def press_moves(page):
    """Give or take back the answer that has the focus."""
    before = page.evaluate(WHERE)
    with page.expect_response(DRAWN):
        page.keyboard.press("Space")
    yield from differences(page, before)


def differences(page, before, places=slice(None)):
    page.wait_for_selector("form.register-form:not(.htmx-request)")
    now = page.evaluate(WHERE)
    far = [abs(new - old) for new, old in zip(now[1:], before[1:], strict=True)]
    if now[0] != before[0] or any(way > MOST for way in far[places]):
        yield before, now
