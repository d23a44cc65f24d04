"""A coordinator sees what moving a course would change, and moves it."""

from __future__ import annotations

import pytest

from shared.auth.principal import Role
from shared.testing.html import find, parse_page, words
from tests.registration.site import KARI, NOW
from tests.registration.usecases.test_definitions import THEN, begun, saved, versions

pytestmark = pytest.mark.req("REG-36")


def page_of(browser, course_id):
    answer = browser.get(f"/courses/{course_id}/definitions")
    return answer, words(find(parse_page(answer.text), id="main"))


def test_a_coordinator_moves_a_course_at_the_screen(site):
    course_id = begun(site, THEN)
    saved(site, course_id, "to", supervision=1, enough_visits=1, consent=0, no_consent_reason=3)
    coordinator, path = site.browser(Role.LC), f"/courses/{course_id}/definitions"
    assert path in coordinator.get(f"/courses/{course_id}").text
    assert path not in site.browser(Role.LU).get(f"/courses/{course_id}").text

    answer, said = page_of(coordinator, course_id)
    site.oracle(KARI).check(answer)
    assert "Tilstrekkelig antall tilsyn (3 eller flere) Ja" in said
    assert "Type manglende samtykke Ikke spurt Ikke spurt" in said

    done = coordinator.send_form(path, {})
    assert (done.status_code, done.location) == (303, f"/courses/{course_id}")
    assert versions(site, course_id)["to"] == 2
    assert "følger allerede de nyeste" in page_of(coordinator, course_id)[1]
    assert path not in coordinator.get(f"/courses/{course_id}").text


def test_who_registers_does_not_move_courses(site):
    course_id = begun(site, NOW)

    assert page_status(site.browser(Role.LU), course_id) == 403
    assert site.browser(Role.LC).send_form(f"/courses/{course_id}/definitions", {}).status_code == 303
    assert page_status(site.browser(Role.LC), course_id) == 200


def page_status(browser, course_id):
    return browser.get(f"/courses/{course_id}/definitions").status_code
