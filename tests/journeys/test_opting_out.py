"""A person opts out in Chromium: everything is erased, the case closes, a letter comes, registering is refused."""

from __future__ import annotations

import re
import signal
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from services.reservation.domain.case import RECEIPTS_OF_ERASURE
from shared.testing.browser import check_page
from tests.journeys.kept import closed, letters, traces
from tests.journeys.release_desk import approve_delivery, open_application, order_extract
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.journey, pytest.mark.browser]
LIV, SIGRID, JONAS = "02908849852", "27836349860", "19821099989"
KNOWN = "SELECT count(*) FROM person"


def opt_out(page, walker, number):
    """The citizen's pages, from the front to the receipt; returns the case's id."""
    page.goto(walker.at("reservation", "/my/"))
    walker.log_in_as_citizen(page, number)
    page.wait_for_url(re.compile("/my/"))
    check_page(page)
    page.click("main a[href$='/my/reserve/smertereg']")
    page.click("main form button[type=submit]")
    page.wait_for_selector("code")
    return page.locator("code").inner_text()


def ask_for(page, walker, number):
    """The clinician types a number that somebody wants to register."""
    page.goto(walker.at("registration", "/registrations/new"))
    page.fill("[name=number]", number)
    page.click("main form button >> nth=0")


def check_refused(page, walker, number):
    """Registering is refused, and the page says that the person has opted out."""
    ask_for(page, walker, number)
    page.wait_for_selector("[name=number][aria-invalid=true]")
    expect(page.locator("main")).to_contain_text("reservert seg")


def approved_extract(walker, new_page):
    """The demo's approved application gets a file that two persons approve and nobody has fetched; returns a page."""
    approved = "SELECT application_id FROM application WHERE state = 'approved' AND title LIKE 'Pasientenes egne%'"
    application = walker.rows("release", approved)[0][0]
    statistician, manager = new_page(), new_page()
    open_application(statistician, walker, "statistiker", application)
    order_extract(statistician, walker)
    approve_delivery(statistician)
    open_application(manager, walker, "daglig.leder", application)
    approve_delivery(manager)
    manager.wait_for_selector("main :text('Klar for nedlasting')")
    return manager


@pytest.mark.req("RES-03", "RES-05", "RES-06", "REG-04", "EPR-10", "BUS-01", "BUS-02")
def test_who_opts_out_is_gone_everywhere_and_stays_out(suite, new_page, picture):
    walker, clinician, citizen = Walker(suite), new_page(), new_page(width=390)
    reviewer = approved_extract(walker, new_page)
    walker.log_in(clinician, "lise.lege", "registration", "/registrations/new")
    ask_for(clinician, walker, LIV)
    clinician.wait_for_url(re.compile(r"/persons/\d+$"))
    pid = int(clinician.url.rsplit("/", 1)[1])
    assert all(traces(walker, pid).values())

    case_id = opt_out(citizen, walker, LIV)
    picture(citizen, "opting-out")
    assert closed(walker, case_id) == RECEIPTS_OF_ERASURE
    assert not any(traces(walker, pid).values())
    walker.wait_for(lambda: reviewer.reload() and "Mangler 2 av 2" in reviewer.inner_text("main"))
    assert walker.wait_for(lambda: letters(walker, LIV)) == ["Du er reservert mot SmerteReg"]
    check_refused(clinician, walker, LIV)


@contextmanager
def stopped(suite, service):
    """The processes of a service stand still: nobody answers, nothing is taken from the bus."""
    found = [process for process in suite.processes() if f"services.{service}." in " ".join(process.cmdline())]
    assert found
    for process in found:
        process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for process in found:
            process.send_signal(signal.SIGCONT)


@pytest.mark.fault
@pytest.mark.req("REG-04", "RES-05", "BUS-05")
def test_who_has_opted_out_is_refused_while_reservation_is_down(suite, new_page):
    walker, clinician, citizen = Walker(suite), new_page(), new_page(width=390)
    closed(walker, opt_out(citizen, walker, SIGRID))
    walker.log_in(clinician, "siri.sykepleier", "registration", "/registrations/new")
    with stopped(suite, "reservation"):
        check_refused(clinician, walker, SIGRID)
        ask_for(clinician, walker, JONAS)
        clinician.wait_for_selector("[name=started_on]")
    citizen.goto(walker.at("reservation", "/my/"))
    expect(citizen.locator("main")).to_contain_text("Du er reservert")


@contextmanager
def unreadable(walker, database, table):
    """A table that cannot be read for a while."""
    walker.run(database, f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        walker.run(database, f"ALTER TABLE {table}_away RENAME TO {table}")


@pytest.mark.req("REG-04")
def test_nobody_is_registered_while_the_block_list_cannot_be_read(suite, new_page):
    walker, clinician = Walker(suite), new_page(statuses=(500, 503))
    walker.log_in(clinician, "kjell.koordinator", "registration", "/registrations/new")
    before = walker.rows("persons", KNOWN)
    with unreadable(walker, "registration", "blocked_person"):
        ask_for(clinician, walker, JONAS)
        expect(clinician.locator("main")).to_contain_text("Noe gikk galt")
        expect(clinician.locator("[name=started_on]")).to_have_count(0)
    assert walker.rows("persons", KNOWN) == before
    ask_for(clinician, walker, JONAS)
    clinician.wait_for_selector("[name=started_on]")
