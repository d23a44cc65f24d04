"""The registry's pages, from the queue to a delivery that two persons have opened."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.auth.principal import Role
from shared.testing.html import find, read_html, words
from shared.testing.web import a_user, sign_in
from tests.release.world import FILE, KARI, MANAGER, MEMBER, SECRETARY, STATISTICIAN


def text(answer):
    return words(read_html(answer.text))


@pytest.fixture
def desk(site):
    """A browser for each of the registry's people, by role."""
    browsers = {}
    for person in (SECRETARY, MANAGER, MEMBER, STATISTICIAN):
        browsers[person.role] = site.browser()
        sign_in(browsers[person.role], person)
    return browsers


def buttons(answer):
    """Where the forms of a page would be sent."""
    return {form.get("action", "").rpartition("/")[2] for form in read_html(answer.text).iter("form")}


@pytest.mark.req("REL-02", "REL-04", "REL-07")
def test_an_application_goes_from_the_queue_to_the_applicant(site, desk):
    world = site.world()
    page = f"/review/{world.received()}"
    assert "Opioider etter kirurgi" in text(desk["SECRETARIAT"].get("/review/"))
    desk["SECRETARIAT"].send_form(f"{page}/voting")
    desk["COUNCIL"].send_form(f"{page}/vote", {"choice": "yes", "comment": "Godt begrunnet"})
    assert "Godt begrunnet" in text(desk["MANAGER"].get(page))
    desk["MANAGER"].send_form(f"{page}/decision", {"reason": ""})
    assert "Data leveres normalt innen 20. januar 2027" in text(desk["STATISTICIAN"].get(page))
    desk["STATISTICIAN"].send_form(f"{page}/extract")
    (delivery,) = site.deliveries()
    world.fetch(world.make(delivery.delivery_id))
    approval = f"/review/deliveries/{delivery.delivery_id}/approval"
    desk["STATISTICIAN"].send_form(approval)
    desk["SECRETARIAT"].send_form(approval)

    assert world.hand_out(delivery.delivery_id, by=KARI).content == FILE


@pytest.mark.req("REL-07")
def test_the_facts_of_the_file_and_both_persons_are_shown(site, desk):
    world = site.world()
    delivery_id = world.ready()
    page = f"/review/{world.delivery(delivery_id).application_id}"
    shown = text(desk["MANAGER"].get(page))
    assert "Personer i uttrekket 40 Rader 120 Minste celle (personer) 8" in shown
    assert "Mangler 2 av 2 godkjenninger" in shown
    desk["MANAGER"].send_form(f"/review/deliveries/{delivery_id}/approval")

    mine, others = desk["MANAGER"].get(page), desk["SECRETARIAT"].get(page)
    assert "En annen person må godkjenne" in text(mine)
    assert "approval" not in buttons(mine)
    assert "Godkjenning 1 av 2: bruker 3" in text(others)
    assert "approval" in buttons(others)


@pytest.mark.req("REL-07")
def test_nobody_approves_twice(site, desk):
    delivery_id = site.world().ready()
    approval = f"/review/deliveries/{delivery_id}/approval"
    desk["MANAGER"].send_form(approval)
    answer = desk["MANAGER"].send_form(approval)

    assert answer.status_code == 422
    assert "Du har allerede godkjent" in text(answer)
    assert site.world().delivery(delivery_id).state == "ready"


@pytest.mark.req("REL-07")
def test_small_cells_are_warned_of_and_need_a_tick(site, desk):
    delivery_id = site.world().ready(smallest_cell=2)
    approval = f"/review/deliveries/{delivery_id}/approval"
    answer = desk["MANAGER"].send_form(approval)
    assert "færre enn 5 personer" in text(answer)
    assert "godtar" in words(find(read_html(answer.text), id="accepts_small_cells-error"))

    assert desk["MANAGER"].send_form(approval, {"accepts_small_cells": "1"}).status_code == 303


@pytest.mark.req("REL-07")
def test_an_approval_needs_a_fresh_log_in(site):
    delivery_id = site.world().ready()
    browser = site.browser()
    stale = site.clock.now() - timedelta(minutes=6)
    sign_in(browser, a_user(Role.MANAGER, user_id=3, authenticated_at=stale))

    assert "Bekreft at det er deg" in text(browser.send_form(f"/review/deliveries/{delivery_id}/approval"))
    assert site.world().delivery(delivery_id).state == "ready"


@pytest.mark.req("REL-04")
def test_a_rejection_says_why_beside_the_field(site, desk):
    world = site.world()
    page = f"/review/{world.voting()}"
    desk["COUNCIL"].send_form(f"{page}/vote", {"choice": "no"})
    answer = desk["MANAGER"].send_form(f"{page}/decision", {"reason": " "})

    assert answer.status_code == 422
    assert "begrunnes" in words(find(read_html(answer.text), id="reason-error"))
    desk["MANAGER"].send_form(f"{page}/decision", {"reason": "Formålet er uklart."})
    assert "Formålet er uklart." in text(desk["SECRETARIAT"].get(page))


@pytest.mark.req("REL-04")
@pytest.mark.parametrize("choice", ["", "maybe"])
def test_a_vote_without_a_choice_keeps_the_comment(site, desk, choice):
    page = f"/review/{site.world().voting()}"
    answer = desk["COUNCIL"].send_form(f"{page}/vote", {"choice": choice, "comment": "Husk <dette>"})

    assert answer.status_code == 422
    assert "Husk <dette>" in words(find(read_html(answer.text), id="comment"))


@pytest.mark.req("REL-04")
def test_each_role_is_offered_what_it_may_do(site, desk):
    page = f"/review/{site.world().voting()}"

    assert "vote" in buttons(desk["COUNCIL"].get(page))
    assert "decision" in buttons(desk["MANAGER"].get(page))
    assert {"vote", "decision"}.isdisjoint(buttons(desk["SECRETARIAT"].get(page)))


@pytest.mark.req("REL-12")
def test_somebody_in_the_project_is_told_so(site):
    page = f"/review/{site.world().received()}"
    browser = site.browser()
    sign_in(browser, a_user(Role.SECRETARIAT, user_id=9, name="Nils Medhjelp"))
    answer = browser.send_form(f"{page}/voting")

    assert answer.status_code == 422
    assert "Du er med i prosjektet" in text(answer)


@pytest.mark.req("REL-04")
def test_another_registry_and_drafts_are_not_seen(site, desk):
    world = site.world()
    draft, received = world.draft(), world.received()
    browser = site.browser()
    sign_in(browser, a_user(Role.SECRETARIAT, registry="norpain"))

    assert browser.get(f"/review/{received}").status_code == 404
    assert "Opioider" not in text(browser.get("/review/"))
    assert desk["SECRETARIAT"].get(f"/review/{draft}").status_code == 404


@pytest.mark.req("GEN-06")
def test_reading_an_application_is_logged(site, desk):
    application_id = site.world().received()
    desk["COUNCIL"].get(f"/review/{application_id}")

    assert site.log()[-1] == ("user:4", "read", f"application:{application_id}")


@pytest.mark.req("REL-07")
def test_a_failed_extract_is_told_and_ordered_anew(site, desk):
    world = site.world()
    delivery_id = world.ordered()
    page = f"/review/{world.delivery(delivery_id).application_id}"
    assert "extract" not in buttons(desk["SECRETARIAT"].get(page))
    site.fail(delivery_id, "no_rows")

    shown = desk["SECRETARIAT"].get(page)
    assert "no_rows" in text(shown)
    assert "extract" in buttons(shown)
