"""Flags at the screen: on the work list, on the course, and with the coordinator when a day has gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from services.registration.store.tables import FlagRow
from services.registration.usecases.ports import Answers
from services.registration.usecases.store_patient_form import store_patient_form
from shared.auth.principal import Role
from shared.testing.browser import check_page
from shared.testing.html import read_html, words
from tests.registration.pages.conftest import log_in
from tests.registration.pages.test_patient_orders import included
from tests.registration.site import FONNA, KARI, NOW

pytestmark = pytest.mark.req("EPR-13")
TITLE, LATE = "Eksempel: høy skår for depresjon", "Ingen har kvittert på over ett døgn"


def flagged(site):
    """A course whose patient's answers somebody must look at."""
    course_id = included(site)
    document = {"answers": {"complete": 1, **{f"item_{n}": 3 for n in range(1, 15)}}}
    where = {"course_id": course_id, "pid": site.pid(), "form": "hads", "definition_version": 3}
    answers = Answers(order_id="0a" * 16, document=document, answered_at=NOW, **where)
    store_patient_form(answers, registries=site.means.registries, uow=site.uow)
    return course_id


def says(answer):
    return words(next(read_html(answer.text).iter("main")))


def address(site, course_id):
    with site.database.reading() as session:
        (flag_id,) = session.scalars(FlagRow.__table__.select().with_only_columns(FlagRow.flag_id)).all()
    return f"/courses/{course_id}/flags/{flag_id}"


@pytest.mark.req("GEN-06")
def test_work_list_and_course_show_a_flag_until_it_is_acknowledged(both):
    course_id, browser = flagged(both), both.browser()
    listed = browser.get("/work-list")
    assert f"{TITLE}, FID {course_id}" in says(listed)
    assert both.oracle(KARI).check(listed) == {both.pid()}
    assert "Eksempel, ikke et faglig råd" in says(browser.get(f"/courses/{course_id}"))

    assert browser.send_form(address(both, course_id), {"note": "Ringte pasienten"}).status_code == 303
    assert TITLE not in says(browser.get("/work-list"))
    assert "Kvitter for" not in says(browser.get(f"/courses/{course_id}"))


@pytest.mark.req("REG-33")
def test_the_note_is_read_later_by_those_who_treat(site):
    course_id, browser = flagged(site), site.browser()
    browser.send_form(address(site, course_id), {"note": "Ringte pasienten"})
    by = site.browser(Role.LC)

    for path in ("/flags", f"/courses/{course_id}", f"/courses/{course_id}/forms/hads"):
        shown = says(browser.get(path))
        assert all(one in shown for one in (TITLE, "Ringte pasienten", "Kari Prøve", "21.11.2026 kl. 13.00"))
    for path in (f"/courses/{course_id}/history", f"/courses/{course_id}/forms/hads/history"):
        assert f"Varsel kvittert: {TITLE} Hva er gjort? Ringte pasienten" in says(by.get(path))
    assert TITLE not in says(by.get(f"/courses/{course_id}/forms/to/history"))


@pytest.mark.req("GEN-06")
def test_the_list_is_logged_with_whom_it_is_about(both):
    course_id, browser = flagged(both), both.browser()
    both.browser().send_form(address(both, course_id), {"note": "Ringte pasienten"})
    answer = browser.get("/flags")

    assert "Ringte pasienten" in says(answer)
    assert [(entry.pid, entry.object) for entry in both.log()][-1] == (both.pid(), "flags")
    assert "Ringte pasienten" not in says(both.browser(organisation=FONNA).get("/flags"))


@pytest.mark.req("IDN-07")
def test_the_national_coordinator_sees_how_many_there_are_and_no_more(both):
    course_id, coordinator = flagged(both), both.browser(Role.SC, None)
    rows = [words(row) for row in next(read_html(coordinator.get("/flags").text).iter("tbody"))]
    assert rows == ["Haukeland universitetssjukehus 1 0 0"]
    both.clock.move(timedelta(days=1))
    coordinator = both.browser(Role.SC, None)
    assert "Haukeland universitetssjukehus 1 1 0" in says(coordinator.get("/flags"))
    both.browser().send_form(address(both, course_id), {"note": "Ringte pasienten"})

    shown = says(coordinator.get("/flags"))
    assert "Haukeland universitetssjukehus 0 0 1" in shown
    told = says(coordinator.get(f"/courses/{course_id}/history"))
    assert "Varsel kvittert" in told
    for word in ("FID", TITLE, "Ringte pasienten"):
        assert word not in shown
    assert "Ringte pasienten" not in told + says(coordinator.get(f"/courses/{course_id}"))


@pytest.mark.parametrize("note", ["", "ok", f"Ringte {KARI}"])
def test_a_poor_note_is_told_beside_its_field_and_kept(site, note):
    course_id, browser = flagged(site), site.browser()
    answer = browser.send_form(address(site, course_id), {"note": note})

    assert answer.status_code == 422
    assert "Hva er gjort?:" in says(answer)
    assert note in answer.text
    assert TITLE in says(browser.get("/work-list"))


def test_after_a_day_the_coordinator_has_it_apart(site):
    flagged(site)
    assert LATE not in says(site.browser(Role.LC).get("/work-list"))
    site.clock.move(timedelta(days=1))

    assert LATE in says(site.browser(Role.LC).get("/work-list"))
    shown = says(site.browser(Role.LU).get("/work-list"))
    assert (LATE in shown, TITLE in shown) == (False, True)


@pytest.mark.req("IDN-07")
def test_others_neither_see_nor_acknowledge_it(site):
    course_id = flagged(site)
    other, coordinator = site.browser(organisation=FONNA), site.browser(Role.SC, None)

    assert TITLE not in says(other.get("/work-list"))
    assert TITLE not in says(coordinator.get("/work-list"))
    assert other.send_form(address(site, course_id), {"note": "Ringte pasienten"}).status_code == 404
    assert coordinator.send_form(address(site, course_id), {"note": "Ringte pasienten"}).status_code == 403


@pytest.mark.browser
@pytest.mark.req("OPS-07")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_flag_is_accessible_fits_and_is_acknowledged(desk, new_page, width):
    course_id, page = flagged(desk), new_page(width=width)
    log_in(desk, page)
    page.goto(f"{desk.address}/work-list")
    expect(page.get_by_text("Svar fra pasienter som noen må se på")).to_be_visible()
    check_page(page)
    page.goto(f"{desk.address}/courses/{course_id}")
    check_page(page)
    page.get_by_role("button", name="Kvitter").click()
    expect(page.locator("#error-summary")).to_be_visible()
    check_page(page)
    page.get_by_label("Hva er gjort?").fill("Ringte pasienten")
    page.get_by_role("button", name="Kvitter").click()
    expect(page.get_by_role("button", name="Kvitter")).to_have_count(0)
    for path in ("/flags", f"/courses/{course_id}", f"/courses/{course_id}/forms/hads"):
        page.goto(f"{desk.address}{path}")
        if path != "/flags":
            page.get_by_text("Kvitterte varsler").click()
        expect(page.get_by_text("Ringte pasienten").first).to_be_visible()
        check_page(page)
