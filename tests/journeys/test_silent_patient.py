"""A patient who never answers, in Chromium: reminded once, locked, and seen so by everybody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page
from tests.journeys.forms import include, register, signs
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


def sent(walker, course_id):
    """The messages about this course and the kind of each; the demo's may write to the same patient."""
    ordered = "SELECT order_id FROM form_order WHERE course_id = :course"
    ledger = f"SELECT message_id, kind FROM sent_message WHERE order_id IN ({ordered})"
    return dict(walker.rows("eprom", ledger, course=course_id))


def arrived(walker, course_id):
    """What came to the patient about this course: the kinds of messages, by SMS and by e-mail."""
    kinds = sent(walker, course_id)
    ids = [[message["message_id"] for message in walker.inbox(**to)] for to in (SMS, EMAIL)]
    return [sorted(kinds[one] for one in some if one in kinds) for some in ids]


def states(walker, course_id):
    """What eprom knows of the orders."""
    query = "SELECT state, reason FROM form_order WHERE course_id = :course ORDER BY form"
    return set(walker.rows("eprom", query, course=course_id))


@pytest.mark.req("EPR-04", "EPR-05", "EPR-08", "EPR-14", "REG-20", "REG-22", "REG-24", "BUS-01")
def test_who_never_answers_is_reminded_once_and_then_locked_with_the_reason(suite, new_page):
    walker, page = Walker(suite), new_page(statuses=(422, 404))
    course_id = ask(page, walker)
    walker.move_clock_to(walker.order_due(course_id) + APART)
    walker.wait_for(lambda: arrived(walker, course_id) == [["first"] * 2] * 2)
    walker.move_clock_to(walker.order_due(course_id, "remind_at") + MORNING)
    walker.wait_for(lambda: arrived(walker, course_id) == [["first"] * 2 + ["reminder"] * 2] * 2)
    walker.move_clock_to(walker.order_due(course_id, "lock_at") + HOUR)
    walker.wait_for(lambda: states(walker, course_id) == {("expired", 7)})
    check_links(walker, course_id, new_page(width=390, height=844, statuses=(404,)))
    walker.log_in(page, "lise.lege", "registration", "/patient-forms")
    walker.wait_for(lambda: set(list(signs(page, walker, course_id, "patient-forms").values())[:2]) == {"Ikke besvart"})
    check_page(page)
    check_reason(page, course_id)
    assert arrived(walker, course_id) == [["first"] * 2 + ["reminder"] * 2] * 2


def check_links(walker, course_id, phone):
    """Every link that was sent, in a reminder too, leads to the page that says that it is closed."""
    kinds, came = sent(walker, course_id), walker.inbox(**EMAIL)
    for link in {link for message in came if message["message_id"] in kinds for link in message["links"]}:
        phone.goto(link)
        assert phone.locator("main a.ds-button").count() == 0
    check_page(phone)


def check_reason(page, course_id):
    """The list says why in words, and so does the locked form behind it."""
    row = page.locator(f"tr:has(a[href$='/courses/{course_id}'])")
    assert row.inner_text().count("Ikke besvart ePROMS") == 2
    row.locator("a.state").first.click()
    page.wait_for_selector("text=Årsak til manglende utfylling")
    expect(page.locator("main")).to_contain_text("Ikke besvart ePROMS")
    check_page(page)
