"""Registering at the screen: number, confirmation, start date."""

from __future__ import annotations

from datetime import date

import pytest

from services.registration.store.tables import CourseRow
from services.registration.usecases.block_person import block_person
from shared.testing.html import find, form_values, read_html, words
from tests.registration.site import FONNA, HUS, KARI, OLA

FORM = {"kind": "norwegian", "number": KARI}


def search(site, browser=None, **changes):
    return (browser or site.browser()).send_form("/registrations/find", {**FORM, **changes})


def send(site, browser=None, **changes):
    fields = {**FORM, "started_on": "2026-11-20", **changes}
    return (browser or site.browser()).send_form("/registrations", fields)


def courses(site):
    with site.database.reading() as session:
        return session.query(CourseRow).all()


@pytest.mark.req("REG-01", "REG-02")
def test_a_new_patient_is_shown_confirmed_and_registered(both):
    browser = both.browser()
    shown = search(both, browser)
    assert "Kari Granlid" in shown.text
    form = find(read_html(shown.text), action="/registrations")
    fields = {name: values[0] for name, values in form_values(form).items()}
    answer = browser.post("/registrations", data={**fields, "started_on": "20.11.2026"})

    (course,) = courses(both)
    assert (answer.status_code, answer.location) == (303, f"/courses/{course.course_id}")
    assert (course.started_on, course.organisation) == (date(2026, 11, 20), HUS)
    assert "Kari Granlid" in browser.get(answer.location).text


@pytest.mark.req("GEN-04", "REG-01")
def test_the_number_stands_in_no_address(site):
    browser = site.browser()
    shown = search(site, browser)
    answer = send(site, browser)

    links = [node.get("href") or node.get("action") or "" for node in read_html(shown.text).iter()]
    assert not [link for link in [*links, answer.location] if KARI in link]


@pytest.mark.req("REG-03")
def test_a_known_patient_leads_to_the_history(site):
    site.register()
    answer = search(site)

    assert (answer.status_code, answer.location) == (303, f"/persons/{site.pid()}")


@pytest.mark.req("REG-03")
def test_a_patient_known_to_others_alone_is_a_new_patient_here(site):
    site.register(organisation=FONNA)

    assert "Ny pasient" in search(site).text
    assert send(site).status_code == 303


@pytest.mark.req("REG-04")
def test_a_reserved_person_gets_one_plain_message_and_nothing_is_stored(site):
    block_person("smertereg", site.persons.block_hash(KARI), case_id="1a" * 16, uow=site.uow)
    for answer in (search(site), send(site)):
        assert answer.status_code == 422
        assert "reservert seg mot registeret" in answer.text
        assert "Granlid" not in answer.text

    assert (site.pid(), courses(site)) == (None, [])


@pytest.mark.req("REG-01")
@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("123", "elleve siffer"),
        ("20036914712", "Kontrollsifrene"),
        ("20036914700", "Folkeregisteret kjenner ikke"),
        ("", "elleve siffer"),
    ],
)
def test_a_wrong_number_is_said_beside_the_field(site, number, sentence):
    answer = search(site, number=number)
    tree = read_html(answer.text)

    assert answer.status_code == 422
    assert sentence in words(find(tree, id="number-error"))
    assert find(tree, id="number").get("value") == number


@pytest.mark.req("REG-01")
@pytest.mark.parametrize(
    ("day", "sentence"), [("", "Skriv startdatoen"), ("2026-13-01", "dd.mm.åååå"), ("2026-11-22", "fram i tid")]
)
def test_a_wrong_start_date_is_said_beside_the_field_and_the_patient_stays(site, day, sentence):
    answer = send(site, started_on=day)

    assert answer.status_code == 422
    assert sentence in words(find(read_html(answer.text), id="started_on-error"))
    assert "Kari Granlid" in answer.text
    assert courses(site) == []


@pytest.mark.req("REG-02")
def test_without_the_population_register_the_page_says_so(site):
    site.fail("population")
    answer = search(site)

    assert answer.status_code == 503
    assert "svarer ikke nå" in answer.text
    assert find(read_html(answer.text), id="number").get("value") == KARI
    assert courses(site) == []


@pytest.mark.req("REG-02")
def test_a_register_that_fails_at_the_last_moment_registers_nobody(site):
    browser = site.browser()
    search(site, browser)
    site.fail("population")

    assert send(site, browser).status_code == 503
    assert (site.pid(), courses(site)) == (None, [])


@pytest.mark.req("REG-01")
def test_a_foreign_patient_is_registered_by_what_is_told(site):
    browser, given = site.browser(), {"kind": "other", "number": "P123456"}
    shown = search(site, browser, **given)
    assert find(read_html(shown.text), id="birth_on") is not None

    assert send(site, browser, **given).status_code == 422
    assert send(site, browser, **given, name="Anna Prøve", birth_on="x").status_code == 422
    answer = send(site, browser, **given, name="Anna Prøve", birth_on="1980-01-02")
    assert "Anna Prøve" in browser.get(answer.location).text


@pytest.mark.req("REG-03")
def test_another_course_is_opened_from_the_history(site):
    first, browser = site.register(), site.browser()
    answer = browser.send_form(f"/persons/{site.pid()}/courses", {"started_on": "2026-11-21"})

    assert answer.status_code == 303
    assert {course.course_id for course in courses(site)} > {first}
    wrong = browser.send_form(f"/persons/{site.pid()}/courses", {"started_on": "2027-01-01"})
    assert (wrong.status_code, "fram i tid" in wrong.text) == (422, True)
    site.fail("population")
    assert browser.send_form(f"/persons/{site.pid()}/courses", {"started_on": "2026-11-21"}).status_code == 503


@pytest.mark.req("IDN-07")
def test_nobody_opens_a_course_for_a_person_of_others(site):
    site.register(OLA, organisation=FONNA)

    answer = site.browser().send_form(f"/persons/{site.pid(OLA)}/courses", {"started_on": "2026-11-21"})
    assert (answer.status_code, len(courses(site))) == (404, 1)
