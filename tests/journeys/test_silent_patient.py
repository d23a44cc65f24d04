"""A patient who never answers, in Chromium: reminded once, locked, and seen so by everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page
from tests.journeys.answers import NOT_ANSWERED, REASON
from tests.journeys.forms import include, register, signs
from tests.journeys.kept import arrived, links, states
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.journey, pytest.mark.browser]
SOLVEIG, NAME = "24916849806", "Myrtveit"
SMS, EMAIL = {"channel": "sms", "to": "+4799000003"}, {"channel": "email", "to": "solveig.myrtveit3@epost.example"}
# HADS leaves two minutes after Pasreg, a reminder in the morning after the last day; the lock is set within the hour.
APART, MORNING, HOUR = timedelta(minutes=2), timedelta(hours=9), timedelta(hours=1)


def ask(page, walker):
    """A clinician includes the patient; returns the FID."""
    walker.log_in(page, "lise.lege", "registration", "/registrations/new")
    page.wait_for_selector("[name=number]")
    course_id = register(page, walker, SOLVEIG, NAME)
    include(page, walker, course_id)
    return course_id


@pytest.mark.req("EPR-04", "EPR-05", "EPR-08", "EPR-14", "REG-20", "REG-22", "REG-24", "BUS-01")
def test_who_never_answers_is_reminded_once_and_then_locked_with_the_reason(suite, new_page):
    walker, page = Walker(suite), new_page(statuses=(422, 404))
    course_id = ask(page, walker)
    walker.move_clock_to(walker.order_due(course_id) + APART)
    walker.wait_for(lambda: arrived(walker, course_id, SMS, EMAIL) == [["first"] * 2] * 2)
    walker.move_clock_to(walker.order_due(course_id, "remind_at") + MORNING)
    walker.wait_for(lambda: arrived(walker, course_id, SMS, EMAIL) == [["first"] * 2 + ["reminder"] * 2] * 2)
    walker.move_clock_to(walker.order_due(course_id, "lock_at") + HOUR)
    walker.wait_for(lambda: states(walker, course_id) == {("expired", 7)})
    check_links(walker, course_id, new_page(width=390, height=844, statuses=(404,)))
    walker.log_in(page, "lise.lege", "registration", "/patient-forms")
    walker.wait_for(lambda: set(list(signs(page, walker, course_id, "patient-forms").values())[:2]) == {NOT_ANSWERED})
    check_page(page)
    check_reason(page, course_id)
    assert arrived(walker, course_id, SMS, EMAIL) == [["first"] * 2 + ["reminder"] * 2] * 2


def check_links(walker, course_id, phone):
    """Every link that was sent, in a reminder too, leads to the page that says that it is closed."""
    for link in links(walker, course_id, **EMAIL):
        phone.goto(link)
        assert phone.locator("main .ds-button").count() == 0
    check_page(phone)


def check_reason(page, course_id):
    """The list says why in words, and so does the locked form behind it."""
    row = page.locator(f"tr:has(a[href$='/courses/{course_id}'])")
    assert row.inner_text().count(REASON) == 2
    row.locator("a.state").first.click()
    page.wait_for_selector("text=Årsak til manglende utfylling")
    expect(page.locator("main")).to_contain_text(REASON)
    check_page(page)
