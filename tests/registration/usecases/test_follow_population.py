"""Deaths, names and protected addresses come from the population register by themselves."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from services.registration.store.tables import CourseRow
from services.registration.usecases.follow_population import follow_population
from services.registration.usecases.ports import OutsideUnavailable
from shared.contracts.registration import PersonDied
from tests.registration.site import KARI, OLA


class Ward:
    """The site, its people, and the job that follows the register."""

    def __init__(self, site):
        self.site = site
        site.register(KARI)
        site.register(OLA)
        self.follow()

    def follow(self):
        means = self.site.means
        follow_population(feed=means.feed, persons=means.persons, uow=means.uow)

    def change(self, number, what, **form):
        people = self.site.standins.test_client()
        shown = people.get("/people.json").json["people"]
        person_id = next(one["id"] for one in shown if one["number"] == number)
        assert people.post(f"/people/{person_id}/{what}", data=form).status_code < 400

    def courses(self):
        with self.site.database.reading() as session:
            return {row.pid: row for row in session.scalars(select(CourseRow))}

    def deaths(self):
        return [event for event in self.site.events() if isinstance(event, PersonDied)]


@pytest.fixture
def ward(both):
    return Ward(both)


@pytest.mark.req("REG-02", "EPR-10")
def test_a_death_closes_the_courses_and_is_told_once(ward):
    ward.change(KARI, "death", on="2026-11-20")
    ward.follow()
    ward.follow()

    kari, ola = (ward.courses()[ward.site.pid(number)] for number in (KARI, OLA))
    assert (kari.died_on, kari.is_active) == (date(2026, 11, 20), False)
    assert (ola.died_on, ola.is_active) == (None, True)
    assert ward.deaths() == [PersonDied(pid=ward.site.pid(KARI), died_on=date(2026, 11, 20))]


@pytest.mark.req("REG-02")
def test_an_address_that_becomes_protected_is_forgotten(ward):
    assert ward.site.persons.read(ward.site.pid(KARI)).address
    ward.change(KARI, "protection", level="Confidential")
    ward.follow()
    kept = ward.site.persons.read(ward.site.pid(KARI))

    assert (kept.protection, kept.address, kept.municipality) == ("confidential", "", "")


@pytest.mark.req("REG-02", "GEN-06")
def test_a_new_name_is_taken_and_logged(ward):
    ward.change(OLA, "name", family_name="Nyberg")
    ward.follow()

    assert ward.site.persons.read(ward.site.pid(OLA)).name.endswith("Nyberg")
    entry = ward.site.log()[-1]
    assert (entry.actor, entry.pid, entry.reason) == ("registration", ward.site.pid(OLA), "population_register")


def test_persons_who_are_not_registered_are_passed_over(ward):
    before = len(ward.site.log())
    ward.change("24916849806", "death", on="2026-11-20")
    ward.follow()

    assert (len(ward.site.log()), ward.deaths()) == (before, [])


@pytest.mark.req("BUS-05")
def test_a_register_that_is_away_is_read_on_from_the_same_place(ward):
    ward.change(KARI, "death", on="2026-11-20")
    ward.site.fail("population", times=2)
    with pytest.raises(OutsideUnavailable):
        ward.follow()
    ward.site.standins.test_client().delete("/faults")
    ward.follow()

    assert len(ward.deaths()) == 1
