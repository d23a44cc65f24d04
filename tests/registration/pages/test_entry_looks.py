"""The pages of entry in Chromium: accessible, and fitting small and large screens."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page
from tests.registration.entry import Editor
from tests.registration.pages.conftest import log_in

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07", "REG-13")]
WIDTHS = pytest.mark.parametrize("width", [320, 1280])
HIGHEST_BAR = 130  # pixels


@pytest.fixture(scope="module")
def written(desk):
    """A form with a draft of one user, upon which another one has saved."""
    course_id = desk.register()
    second = Editor(desk, course_id, user_id=2)
    second.autosave(referral_date="18.11.2026", supervision="2", norwegian_speaking="1")
    Editor(desk, course_id).send(referral_date="17.11.2026", supervision="1")
    return course_id


@WIDTHS
def test_a_form_with_a_draft_and_the_course_are_accessible_and_fit(desk, visit, written, width):
    page = visit(written, user_id=2, width=width)
    expect(page.get_by_text("Ulagret kladd fra")).to_be_visible()
    check_page(page)
    page.goto(f"{desk.address}/courses/{written}")
    check_page(page)


@WIDTHS
def test_the_differences_are_accessible_and_fit(visit, written, width):
    page = visit(written, user_id=2, width=width, statuses=(409,))
    for _ in range(2):
        page.get_by_role("button", name="Lagre").click()
        page.wait_for_load_state("networkidle")
        expect(page.get_by_text("To har skrevet i skjemaet")).to_be_visible()
        check_page(page)
    expect(page.locator("#error-summary")).to_be_focused()


@WIDTHS
def test_a_log_in_that_ended_is_told_so_that_it_fits(desk, visit, width):
    page = visit(desk.register(), width=width)
    page.context.clear_cookies()
    page.locator("[name=referral_date]").fill("19.11.2026")
    page.get_by_text("Du er logget ut.").wait_for()
    check_page(page)
    log_in(desk, page)


def test_the_bar_leaves_room_for_the_questions_on_a_telephone(desk, visit):
    page = visit(desk.register(), width=390)
    assert page.locator(".register-form > .bar").bounding_box()["height"] < HIGHEST_BAR
