"""Searching, and the page of a person: only one's own, and never without a trace."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.domain.errors import NotFound
from services.registration.queries.person_page import person_page, pid_of_course
from services.registration.queries.search import SearchKind, find_person
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.registration.site import FONNA, HUS, KARI, OLA


def given(site, *, role=Role.LU, organisation=HUS):
    by = a_user(role, organisation=organisation)
    return {"by": by, "registry": site.means.registry("smertereg"), "uow": site.uow}


def search(site, kind, text, **who):
    return find_person(kind, text, persons=site.persons, **given(site, **who))


def page(site, pid, *, course_id=None, **who):
    return person_page(pid, course_id=course_id, persons=site.persons, **given(site, **who))


@pytest.mark.req("REG-27")
def test_a_person_is_found_by_number_pid_and_course(both):
    course_id = both.register()

    assert search(both, SearchKind.NUMBER, f" {KARI[:6]} {KARI[6:]}") == both.pid()
    assert search(both, SearchKind.PID, str(both.pid())) == both.pid()
    assert search(both, SearchKind.FID, str(course_id)) == both.pid()


@pytest.mark.req("REG-27", "IDN-07")
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (SearchKind.NUMBER, KARI),
        (SearchKind.NUMBER, OLA),
        (SearchKind.NUMBER, ""),
        (SearchKind.PID, "1"),
        (SearchKind.FID, "1"),
        (SearchKind.PID, "\u0661"),
        (SearchKind.PID, "9" * 40),
        (SearchKind.FID, "1 or 1=1"),
    ],
)
def test_nobody_and_a_person_of_others_look_the_same(site, kind, text):
    site.register(KARI, organisation=FONNA)

    with pytest.raises(NotFound):
        search(site, kind, text)


@pytest.mark.req("REG-27", "GEN-06")
def test_every_search_is_logged_without_what_was_typed(site):
    site.register()
    search(site, SearchKind.NUMBER, KARI)
    with pytest.raises(NotFound):
        search(site, SearchKind.NUMBER, OLA)
    entries = [entry for entry in site.log() if entry.action == "search"]

    assert [entry.pid for entry in entries] == [site.pid(), None]
    assert not [entry for entry in entries if KARI in str(entry) or OLA in str(entry)]


@pytest.mark.req("REG-03", "GEN-06")
def test_the_page_of_a_person_shows_all_courses_and_is_logged(both):
    first = both.register(started_on=date(2026, 1, 1))
    second = both.register(started_on=date(2026, 6, 1))
    both.register(organisation=FONNA)
    shown = page(both, both.pid())

    assert [course.course_id for course in shown.courses] == [second, first]
    assert (shown.person.name, shown.birth_on) == ("Kari Granlid", date(1957, 5, 17))
    entry = both.log()[-1]
    assert (entry.action, entry.object, entry.pid, entry.reason) == ("read", "person", both.pid(), "care")


@pytest.mark.req("REG-03")
def test_one_course_is_shown_alone(site):
    first = site.register()
    site.register()

    assert [course.course_id for course in page(site, site.pid(), course_id=first).courses] == [first]
    assert site.log()[-1].object == f"course:{first}"
    assert pid_of_course(first, **given(site)) == site.pid()


@pytest.mark.req("REG-02")
def test_a_protected_address_is_not_there(site):
    liv = site.person("Tangerud")
    site.register(liv.number)
    shown = page(site, site.pid(liv.number))

    assert (shown.protection, shown.address) == ("confidential", "")


@pytest.mark.req("IDN-07")
def test_a_person_of_others_does_not_exist(site):
    other = site.register(organisation=FONNA)

    with pytest.raises(NotFound):
        page(site, site.pid())
    with pytest.raises(NotFound):
        pid_of_course(other, **given(site))
    assert page(site, site.pid(), role=Role.SC, organisation=None).courses
