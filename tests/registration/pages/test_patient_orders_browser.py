"""The pages of patient forms in Chromium: accessible, fitting small and large screens, and working without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.contracts import eprom
from shared.testing.browser import check_page
from tests.registration.pages.conftest import log_in
from tests.registration.pages.test_patient_orders import address, included, tell
from tests.registration.site import NOW

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07", "REG-22")]
WIDTHS = pytest.mark.parametrize("width", [390, 1280])


@pytest.fixture(scope="module")
def undelivered(desk):
    """A course with one form that reached nobody."""
    course_id = included(desk)
    tell(desk, course_id, eprom.FormOrdered, due_at=NOW)
    tell(desk, course_id, eprom.DeliveryFailed, channel="none", code="no_mailbox")
    return course_id


@pytest.fixture
def go(desk, new_page):
    """Opens a page as somebody who is logged in."""

    def opened(path, **window):
        page = new_page(**window)
        log_in(desk, page)
        page.goto(f"{desk.address}{path}")
        return page

    return opened


@WIDTHS
def test_list_course_and_patient_forms_are_accessible_and_fit(desk, go, undelivered, width):
    page = go("/patient-forms", width=width)
    page.get_by_text("Hva tegnene betyr").click()
    expect(page.get_by_text("Påminnelse sendt")).to_be_visible()
    check_page(page)
    for path in (f"/courses/{undelivered}", address(undelivered)):
        page.goto(f"{desk.address}{path}")
        expect(page.get_by_text("Pasienten har ikke digital postkasse")).to_be_visible()
        check_page(page)


@WIDTHS
def test_an_order_before_its_time_is_accessible_and_fits(go, undelivered, width):
    page = go(address(undelivered, "/opioid/order"), width=width)
    check_page(page)
    page.get_by_role("button", name="Bestill skjemaet").click()
    expect(page.locator("#error-summary")).to_be_visible()
    expect(page.get_by_label("Sikker kanal")).to_be_checked()
    check_page(page)


@pytest.mark.req("EPR-06", "EPR-07", "REG-24")
def test_everything_works_without_scripts(desk, go):
    course_id = included(desk)
    page = go(address(course_id), java_script_enabled=False)
    page.locator("a[href$='/hads/order']").click()
    page.get_by_role("button", name="Bestill skjemaet").click()
    expect(page.get_by_text("Skjemaet er bestilt")).to_be_visible()
    page.get_by_label("Kritisk syk").first.check()
    page.get_by_role("button", name="Stopp utsendingen").click()
    expect(page.get_by_text("Utsendingen er stoppet.")).to_be_visible()
    page.get_by_label("Tidlig utskrivning").check()
    page.get_by_role("button", name="Besvar alle og ferdigstill").click()
    expect(page.get_by_text("Skjemaene er ferdigstilt")).to_be_visible()
