"""Eprom asks who a form goes to."""

from __future__ import annotations

import pytest

from services.registration.store.tables import CourseRow
from services.registration.usecases.block_person import block_person
from tests.registration.site import GUNNAR, HUS, KARI, OLA


def ask(site, pid, course_id, headers=None, **more):
    body = {"pid": pid, "course_id": course_id, **more}
    headers = site.bearer("eprom") if headers is None else headers
    return site.visitor().post("/api/recipients", json=body, headers=headers)


@pytest.mark.req("EPR-04", "BUS-02")
def test_eprom_is_told_the_number_of_a_person(both):
    course_id = both.register()
    answer = ask(both, both.pid(), course_id)

    assert (answer.status_code, answer.json) == (200, {"number": KARI, "is_dead": False, "is_protected": False})


@pytest.mark.req("EPR-04", "GEN-04")
def test_eprom_is_told_that_an_address_is_protected_and_nothing_of_it(site):
    eirik = site.person("Nordskog").number
    course_id = site.register(eirik)
    answer = ask(site, site.pid(eirik), course_id)

    assert answer.json == {"number": eirik, "is_dead": False, "is_protected": True}


@pytest.mark.req("EPR-04", "GEN-04", "GEN-06")
def test_for_a_letter_on_paper_eprom_is_told_where_the_person_lives(site):
    kari, course_id = site.person("Granlid"), site.register()
    told = ask(site, site.pid(), course_id, with_address=True).json["address"]

    *_, postcode, city = kari.place
    assert told == {
        "name": kari.name,
        "line": f"{kari.street} {kari.house}",
        "postcode": postcode,
        "city": city.upper(),
    }
    assert (site.log()[-1].object, site.log()[-1].reason) == ("person", "letter_on_paper")


@pytest.mark.req("EPR-04", "GEN-04")
@pytest.mark.parametrize("family_name", ["Nordskog", "Tangerud"])
def test_a_protected_address_is_never_told(site, family_name):
    number = site.person(family_name).number
    course_id = site.register(number)
    answer = ask(site, site.pid(number), course_id, with_address=True)

    assert answer.json == {"number": number, "is_dead": False, "is_protected": True}


@pytest.mark.req("GEN-06")
def test_the_look_up_is_in_the_access_log(site):
    course_id = site.register()
    answer = ask(site, site.pid(), course_id)
    entry = site.log()[-1]

    assert (entry.actor, entry.organisation, entry.pid) == ("service:eprom", HUS, site.pid())
    assert (entry.action, entry.object, entry.reason) == ("read", "person", "patient_form")
    assert site.oracle(KARI).check(answer) == {site.pid()}


@pytest.mark.req("EPR-10", "RES-05")
def test_a_person_who_has_reserved_is_not_found(site):
    course_id = site.register()
    block_person("smertereg", site.persons.block_hash(KARI), case_id="1a" * 16, uow=site.uow)

    assert ask(site, site.pid(), course_id).status_code == 404


@pytest.mark.req("EPR-10")
def test_an_erased_person_is_not_found(site):
    course_id, pid = site.register(), site.pid()
    site.persons.erase(pid)

    assert ask(site, pid, course_id).status_code == 404


@pytest.mark.req("EPR-10", "REG-02")
def test_a_dead_person_is_not_found(site):
    course_id = site.register(GUNNAR)

    assert ask(site, site.pid(GUNNAR), course_id).status_code == 404


@pytest.mark.req("EPR-10", "REG-09")
@pytest.mark.parametrize(("has_consented", "status"), [(False, 404), (True, 200)])
def test_a_person_who_has_withdrawn_is_not_found(site, has_consented, status):
    course_id = site.register()
    with site.uow() as store:
        course = store.session.get(CourseRow, course_id)
        course.basis, course.has_consented = "consent", has_consented

    assert ask(site, site.pid(), course_id).status_code == status


def test_a_person_is_found_by_a_course_of_one_s_own_only(site):
    site.register(KARI)
    other = site.register(OLA)

    assert ask(site, site.pid(KARI), other).status_code == 404
    assert ask(site, site.pid(KARI), 9999).status_code == 404


@pytest.mark.req("BUS-05")
@pytest.mark.parametrize(
    ("service", "audience", "status"),
    [("release", "registration", 403), ("reservation", "registration", 403), ("eprom", "identity", 401)],
)
def test_nobody_but_eprom_is_told(site, service, audience, status):
    course_id = site.register()

    assert ask(site, site.pid(), course_id, site.bearer(service, audience)).status_code == status
    assert ask(site, site.pid(), course_id, {}).status_code == 401


@pytest.mark.parametrize("body", [{}, {"pid": 1}, {"pid": "1", "course_id": 1}, {"pid": 1, "course_id": 1, "x": 1}])
@pytest.mark.req("OPS-06")
def test_a_careless_question_is_refused(site, body):
    answer = site.visitor().post("/api/recipients", json=body, headers=site.bearer("eprom"))

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
