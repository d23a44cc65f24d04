"""Entry in Chromium: what is typed is never lost, whatever happens to log-in and network."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.registration.entry import draft_rows, row_of
from tests.registration.pages.conftest import log_in
from tests.registration.site import HUS

pytestmark = [pytest.mark.browser, pytest.mark.req("REG-13")]
PATIENCE = 20  # seconds
DRAFT = re.compile(r"/draft$")
CUT_OFF = ("net::ERR_FAILED",)
KEPT, OFFLINE = re.compile(r"Kladd lagret kl\. \d\d\.\d\d"), "Ingen kontakt med registeret."


@pytest.fixture
def course_id(desk):
    return desk.register()


def note(page):
    return page.locator("#form-note")


def drafts_of(desk, course_id):
    return [row.form for row in draft_rows(desk) if row.course_id == course_id]


def wait_until(is_so):
    """Wait for what happens behind a page that is gone."""
    until = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def type_day(page, text="12.1"):
    page.locator("[name=referral_date]").press_sequentially(text)


def test_a_draft_is_kept_a_moment_after_the_last_key_and_found_again(desk, visit, course_id):
    page = visit(course_id)
    type_day(page)
    expect(note(page)).to_have_text(KEPT)
    assert row_of(desk, course_id) is None
    page = visit(course_id)
    expect(page.locator("[name=referral_date]")).to_have_value("12.1")
    expect(page.get_by_text("Ulagret kladd fra")).to_be_visible()
    page.get_by_role("button", name="Forkast kladden").click()
    expect(page.locator("[name=referral_date]")).to_have_value("")
    assert drafts_of(desk, course_id) == []


@pytest.mark.parametrize("leave", ["follow", "close"])
def test_leaving_the_page_keeps_the_last_keys(desk, visit, course_id, leave):
    page = visit(course_id)
    type_day(page)
    if leave == "follow":
        page.get_by_role("link", name="Behandlerdel 1.1").click()
    else:
        page.close(run_before_unload=True)
    wait_until(lambda: drafts_of(desk, course_id))
    expect(visit(course_id).locator("[name=referral_date]")).to_have_value("12.1")


def test_without_network_the_page_stays_tries_again_and_tells(desk, visit, course_id):
    page = visit(course_id, statuses=CUT_OFF)
    page.route(DRAFT, lambda route: route.abort())
    type_day(page, "19.11.2026")
    expect(note(page)).to_contain_text(OFFLINE)
    # A request that the page itself gives up says aborted; this waits for the one of the click, which nobody let through.
    with page.expect_event("requestfailed", lambda request: request.failure in CUT_OFF):
        page.get_by_role("button", name="Lagre").click()
    expect(note(page)).to_contain_text(OFFLINE)
    expect(page.locator("[name=referral_date]")).to_have_value("19.11.2026")
    page.unroute(DRAFT)
    expect(note(page)).to_have_text("Kontakten er tilbake, og det du har skrevet, er lagret som kladd.")
    page.get_by_role("button", name="Lagre").click()
    page.wait_for_url(re.compile("saved=1$"))
    assert row_of(desk, course_id).document["answers"]["referral_date"] == "2026-11-19"


def test_leaving_is_warned_about_only_while_something_is_unsaved(visit, course_id):
    page = visit(course_id, statuses=CUT_OFF)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.route(DRAFT, lambda route: route.abort())
    type_day(page)
    expect(note(page)).to_contain_text(OFFLINE)
    page.get_by_role("link", name="Behandlerdel 1.1").click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert (asked, page.url.endswith("/to")) == (["beforeunload"], True)
    page.unroute(DRAFT)
    expect(note(page)).to_contain_text("Kontakten er tilbake")
    page.get_by_role("link", name="Behandlerdel 1.1").click()
    page.wait_for_url(re.compile("/b11$"))
    assert asked == ["beforeunload"]


def test_a_log_in_that_ended_leaves_the_page_and_opens_another_tab(desk, visit, course_id):
    page = visit(course_id)
    page.context.clear_cookies()
    type_day(page, "19.11.2026")
    expect(note(page)).to_contain_text("Du er logget ut.")
    expect(note(page).get_by_role("link", name="Logg inn i en ny fane")).to_have_attribute("target", "_blank")
    page.get_by_role("button", name="Lagre").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[name=referral_date]")).to_have_value("19.11.2026")
    log_in(desk, page)
    page.get_by_role("button", name="Lagre").click()
    expect(page.get_by_text("Ulagret kladd fra")).to_be_visible()
    page.get_by_role("button", name="Lagre").click()
    page.wait_for_url(re.compile("saved=1$"))
    assert drafts_of(desk, course_id) == []


@pytest.mark.parametrize("script", [True, False])
def test_two_editors_choose_between_their_answers(desk, visit, course_id, script):
    second = visit(course_id, user_id=2, java_script_enabled=script, statuses=(409,))
    first = desk.browser(organisation=HUS)
    first.send_form(
        f"/courses/{course_id}/forms/to",
        {"act": "save", "revision": "0", "_shown": "referral_date", "referral_date": "17.11.2026"},
    )
    second.locator("[name=referral_date]").fill("18.11.2026")
    second.get_by_role("button", name="Lagre").click()
    second.get_by_label("Ditt svar").check()
    second.get_by_role("button", name="Lagre").click()
    second.wait_for_url(re.compile("saved=1$"))
    assert row_of(desk, course_id).document["answers"]["referral_date"] == "2026-11-18"


@pytest.mark.parametrize("script", [True, False])
def test_next_leads_through_the_forms(visit, course_id, script):
    page = visit(course_id, "po", java_script_enabled=script)
    page.get_by_role("button", name="Neste").click()
    page.wait_for_url(re.compile("/to[?]saved=po$"))
    expect(page.get_by_text("«Personopplysninger» er lagret.")).to_be_visible()
    page.get_by_role("button", name="Mangler 2 svar").click()
    expect(page.locator("#form-problems a")).to_have_count(2)
