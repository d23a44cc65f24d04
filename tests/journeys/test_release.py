"""Data leave the registry in Chromium: application, votes, decision, two approvals, and one download."""

from __future__ import annotations

import re

import pyrage
import pytest
from playwright.sync_api import expect

from services.release.gateways.registry_folders import load_catalog
from shared.auth.policy import FRESH_LOG_IN
from shared.testing.browser import check_page
from tests.journeys.answers import PERIOD, RESEARCH, RESEARCH_FORMS, STEPS
from tests.journeys.kept import courses_of_period, tables
from tests.journeys.release_desk import APPROVE, approve_delivery, open_application, order_extract
from tests.journeys.walker import Walker, user_named

pytestmark = [pytest.mark.journey, pytest.mark.browser]
MARIUS = "12928649952"


def apply_for_data(page, walker, recipient):
    """The applicant's form: refused while empty, then filled in and sent; returns the application's id."""
    page.goto(walker.at("release", "/applications"))
    walker.log_in_as_citizen(page, MARIUS)
    page.click("main a[href$='/new/smertereg']")
    page.click("text=Send søknaden")
    page.wait_for_selector("#error-summary")
    check_page(page)
    for name, value in (RESEARCH | {"recipient_key": recipient}).items():
        page.fill(f"[name={name}]", value)
    page.check("[name=legal_basis][value=public_interest]")
    for form in RESEARCH_FORMS:
        page.check(f"[name=form_{form}]")
    page.click("text=Send søknaden")
    page.wait_for_url(re.compile("done=submitted"))
    return re.search(r"/applications/(\w+)", page.url).group(1)


def vote(page, walker, application, user_name, choice):
    """A member of the council votes."""
    open_application(page, walker, user_name, application)
    page.check(f"[name=choice][value={choice}]")
    page.fill("[name=comment]", "Sett på saken.")
    page.click("main button:has-text('Stem')")
    page.wait_for_selector("main li:has-text('Du:')")


def decide(page, walker, application):
    """The manager closes the vote."""
    open_application(page, walker, "daglig.leder", application)
    check_page(page)
    page.click("main button:has-text('Gjør vedtak')")
    page.wait_for_selector("main strong:has-text('Godkjent')")


def prove_anew(page, walker, mobile):
    """The log-in is too old to let data out: a code by SMS, and back to the application."""
    page.click("main a:has-text('Logg inn på nytt')")
    seen = len(walker.inbox(channel="sms", to=mobile))
    page.click("main form button[type=submit]")
    walker.type_code(page, mobile, seen)
    page.wait_for_selector("main dl.facts")


def download(page):
    """The button, and the file that comes."""
    with page.expect_download() as waited:
        page.click("main button:has-text('Last ned nå')")
    return waited.value.path().read_bytes()


def approve_anew(page, walker, user_name):
    """Approve with a log-in that has grown old: prove anew who it is, then approve."""
    approve_delivery(page)
    prove_anew(page, walker, user_named(user_name).mobile)
    approve_delivery(page)
    page.wait_for_selector("main :text('Godkjenning')")


def approved_by_two(walker, application, new_page):
    """From the council to a file that two persons have approved; nobody in the project takes part."""
    secretary, manager, member = new_page(statuses=(403,)), new_page(statuses=(403,)), new_page()
    open_application(secretary, walker, "saksbehandler", application)
    secretary.click("main button:has-text('Legg fram')")
    vote(member, walker, application, "raadsmedlem", "conflict")
    vote(new_page(), walker, application, "fagraad", "yes")
    decide(manager, walker, application)
    secretary.reload()
    order_extract(secretary, walker)
    check_page(secretary)
    refuse_member(new_page(), walker, application)
    walker.move_clock_to(walker.now() + FRESH_LOG_IN)
    approve_anew(secretary, walker, "saksbehandler")
    expect(secretary.get_by_role("button", name=APPROVE)).to_have_count(0)
    manager.reload()
    approve_anew(manager, walker, "daglig.leder")


def refuse_member(page, walker, application):
    """Whoever is in the project does not let its data out."""
    open_application(page, walker, "statistiker", application)
    approve_delivery(page)
    page.wait_for_selector("main [role=alert]:has-text('Du er med i prosjektet')")


def to_download(page, walker):
    """The applicant proves anew who it is on the way to the file."""
    page.reload()
    page.click("main a:has-text('Gå til nedlasting')")
    walker.log_in_as_citizen(page, MARIUS)
    page.wait_for_selector("main button:has-text('Last ned nå')")
    check_page(page)


@pytest.mark.req("REL-02", "REL-04", "REL-07", "REL-12")
def test_data_are_applied_for_approved_by_two_and_delivered_once(suite, new_page, picture):
    walker, key, page = Walker(suite), pyrage.x25519.Identity.generate(), new_page()
    application = apply_for_data(page, walker, str(key.to_public()))
    approved_by_two(walker, application, new_page)
    to_download(page, walker)
    found = tables(download(page), key)

    header, *rows = found["data.csv"]
    told = found["codebook.csv"][1:]
    assert header == ["person", "course", *dict.fromkeys(line[1] for line in told)]
    assert {line[0] for line in told} == set(load_catalog()["smertereg"].variables(RESEARCH_FORMS))
    assert len(rows) == courses_of_period(walker, PERIOD)
    assert not re.search(r"\d{11}", str([row[2:] for row in rows]))

    page.click("main button:has-text('Last ned nå')")
    expect(page.locator("main")).to_contain_text("Filen kan ikke lastes ned")
    page.goto(walker.at("release", f"/applications/{application}"))
    picture(page, "release")
    steps = [line.split(": ")[1] for line in page.locator("main ol li").all_inner_texts()]
    assert steps == STEPS
