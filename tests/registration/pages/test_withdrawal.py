"""The page of a withdrawn consent, and what the course page says about where a course counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from services.registration.store.tables import CourseRow
from shared.auth.principal import Role
from shared.testing.html import find, read_html, words
from shared.testing.web import a_user, make_client, sign_in
from tests.registration.site import HUS, KARI, NOW
from tests.registration.usecases.test_withdraw_consent import STARTED_ON, consented, course_of, save

pytestmark = pytest.mark.req("REG-09")


def path_of(course_id):
    return f"/courses/{course_id}/withdrawal"


def course_words(browser, course_id):
    return words(find(read_html(browser.get(f"/courses/{course_id}").text), id="main"))


def test_a_national_coordinator_withdraws_at_the_screen(both):
    course_id, coordinator = consented(both), both.browser(Role.SC, organisation=None)
    assert path_of(course_id) in coordinator.get(f"/courses/{course_id}").text
    page = coordinator.get(path_of(course_id))
    both.oracle(KARI).check(page)
    assert "Tilbaketrukket samtykke" in words(read_html(page.text))
    assert coordinator.send_form(path_of(course_id), {"reason": ""}).status_code == 422
    answer = coordinator.send_form(path_of(course_id), {"reason": "Brev fra pasienten"})
    assert answer.location == f"/courses/{course_id}?withdrawn=1"
    told = words(read_html(coordinator.get(answer.location).text))
    assert "registrert som trukket" in told
    assert "Lokalt: samtykket er trukket" in told
    assert course_of(both, course_id).placement == "local"


def test_an_old_log_in_must_be_confirmed_anew(site):
    course_id, browser = consented(site), make_client(site.app)
    sign_in(browser, a_user(Role.SC, organisation=None, authenticated_at=NOW - timedelta(minutes=6)))
    for answer in (
        browser.get(path_of(course_id)),
        browser.send_form(path_of(course_id), {"reason": "Brev fra henne"}),
    ):
        assert "step_up=1" in f"{answer.headers.get('Location', '')}{answer.text}"
    assert course_of(site, course_id).has_consented


@pytest.mark.parametrize("role", [Role.LU, Role.LC])
def test_others_see_whom_to_tell(site, role):
    course_id, browser = consented(site), site.browser(role)
    assert browser.get(path_of(course_id)).status_code == 403
    assert browser.send_form(path_of(course_id), {"reason": "Brev fra henne"}).status_code == 403
    assert "smertereg@example.no" in course_words(browser, course_id)
    assert path_of(course_id) not in browser.get(f"/courses/{course_id}").text


def test_a_course_without_consent_has_no_form_for_it(site):
    course_id, coordinator = site.register(), site.browser(Role.SC, organisation=None)
    assert "ikke noe samtykke" in words(read_html(coordinator.get(path_of(course_id)).text))
    assert coordinator.send_form(path_of(course_id), {"reason": "Brev fra henne"}).status_code == 422


@pytest.mark.req("REG-10")
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"supervision": 2}, "Lokalt: pasienten er ikke tilsett"),
        ({"supervision": 1}, "Lokalt: inklusjonskriteriene er ikke besvart"),
        ({"supervision": 1, "norwegian_speaking": 0}, "Lokalt: inklusjonskriteriene er ikke oppfylt"),
        ({"consent": None, "consent_date": None}, "Lokalt: samtykke er ikke registrert"),
        ({"consent": 0, "no_consent_reason": 1}, "Lokalt: pasienten har ikke samtykket"),
        ({}, "Teller Nasjonalt"),
    ],
)
def test_the_course_says_where_it_counts_and_why(site, answers, said):
    if "supervision" in answers:
        course_id = site.register(started_on=STARTED_ON)
        save(site, course_id, answers)
    else:
        course_id = consented(site, **answers)
    assert said in course_words(site.browser(), course_id)


def test_a_course_that_nobody_asked_about_counts_locally(site):
    course_id = site.register()
    assert "Lokalt: inklusjonskriteriene er ikke besvart" in course_words(site.browser(), course_id)


@pytest.mark.req("REG-08")
def test_types_that_nobody_chooses_are_not_offered(site):
    course_id = consented(site, consent=0, consent_date=None, no_consent_reason=1)
    page = site.browser().get(f"/courses/{course_id}/forms/to").text
    offered = [n.get("value") for n in read_html(page).iter("input") if n.get("name") == "no_consent_reason"]
    assert offered == ["1", "2", "4"]


def test_the_owner_of_the_course_does_not_matter_to_the_coordinator(site):
    course_id = consented(site)
    with site.database.transaction() as session:
        session.execute(update(CourseRow).values(organisation=HUS + 1))
    coordinator = site.browser(Role.SC, organisation=None)
    assert coordinator.send_form(path_of(course_id), {"reason": "Brev fra henne"}).status_code == 303
