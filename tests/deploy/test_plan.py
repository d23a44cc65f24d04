"""The demo's courses are the same each time, and none of them breaks the rules of the registry."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from deploy.demo.history import Desk
from deploy.demo.plan import (
    COURSES,
    NORPAIN_COURSES,
    NORPAIN_PERSONS,
    PERSONS,
    STORIES,
    Stage,
    planned_courses,
    planned_persons,
)
from deploy.demo.reservation import Ending, planned_cases
from deploy.demo.users import HOSPITALS, NORPAIN, USERS
from deploy.standins.demo_persons import demo_persons
from deploy.standins.persons import Part, random_persons
from services.reservation.domain.case import Channel
from services.reservation.domain.deadline import Urgency, answer_by, urgency
from shared.forms.catalogue import registry

DAY = date(2026, 11, 23)


def population():
    named = demo_persons(DAY)
    return [*named, *random_persons(1, 320, DAY, taken={person.number for person in named})]


def plan(story=STORIES[0]):
    return list(planned_courses(planned_persons(population(), DAY), DAY, story))


def norpain():
    return plan(next(story for story in STORIES if story.registry == NORPAIN))


def test_the_courses_are_the_same_each_time():
    assert plan() == plan()
    assert norpain() == norpain()


def test_there_are_many_courses_of_every_stage_and_hospital():
    courses = plan()
    assert len(courses) == COURSES
    assert len({course.person.id for course in courses}) == PERSONS
    stages, places = Counter(c.stage for c in courses), Counter(c.organisation for c in courses)
    assert set(stages) == set(Stage)
    assert set(places) == set(HOSPITALS)
    assert min(stages.values()) >= 5
    assert min(places.values()) >= 80


def test_courses_are_of_grown_up_patients_who_were_alive():
    for course in plan():
        assert course.person.part is Part.PATIENT
        assert course.started_on - date.fromisoformat(course.person.birth_on) > timedelta(days=18 * 365)
        assert course.started_on <= DAY
        assert course.person.died_on is None or course.started_on < date.fromisoformat(course.person.died_on)


def test_the_patient_of_the_main_journey_is_not_registered_yet():
    assert "Granlid" not in {course.person.family_name for course in plan()}


def test_who_has_reserved_is_nobody_the_registry_knows():
    cases = list(planned_cases(population(), DAY))
    registered = {person.id for person in planned_persons(population(), DAY)}
    assert len({case.person.id for case in cases} - registered) == len(cases)
    assert not [case for case in cases if case.person.note or case.person.died_on]


def test_the_secretariat_has_cases_of_every_ending_and_one_near_its_deadline():
    cases = list(planned_cases(population(), DAY))
    assert {case.ending for case in cases} == set(Ending)
    left = [case for case in cases if case.ending is Ending.TO_PRINT]
    assert sorted(urgency(answer_by(case.received_on), DAY) for case in left) == [Urgency.CALM, Urgency.NEAR]


def test_every_form_of_every_course_is_one_the_engine_accepts():
    places = {hospital: {"locations": [1], "wards": [2, 3]} for hospital in HOSPITALS}
    desk = Desk(registry("smertereg"), places, DAY)
    written = [form for course in plan() for form in desk.history(course)]
    assert len(written) > 5_000
    assert {form.form for form in written} == set(registry("smertereg").form_keys)
    assert all(desk.registry.form(form.form, form.version) for form in written)
    assert written[:500] == [form for course in plan() for form in desk.history(course)][:500]


@pytest.mark.req("GEN-01")
def test_norpain_has_courses_of_every_stage_it_knows_in_three_hospitals():
    courses = norpain()
    assert (len(courses), len({course.person.id for course in courses})) == (NORPAIN_COURSES, NORPAIN_PERSONS)
    assert {course.stage for course in courses} == set(Stage) - {Stage.NOT_SEEN}
    assert min(Counter(course.organisation for course in courses).values()) >= 15
    clinicians = {user.place for user in USERS if NORPAIN in user.registries}
    assert {course.organisation for course in courses} <= clinicians


@pytest.mark.req("GEN-01", "EPR-11")
def test_norpain_s_forms_are_written_answered_and_left_unanswered():
    places = {hospital: {"locations": [1], "wards": [2, 3]} for hospital in HOSPITALS}
    desk = Desk(registry(NORPAIN), places, DAY)
    written = [form for course in norpain() for form in desk.history(course)]
    assert {form.form for form in written if form.is_answered and form.is_finished} == set(desk.registry.form_keys)
    assert {form.form for form in written if not form.is_answered} == {"baseline", "midway", "followup"}


@pytest.mark.req("RES-01")
def test_reservations_against_norpain_came_by_its_three_ways():
    cases = [case for case in planned_cases(population(), DAY) if case.registry == NORPAIN]
    assert {case.channel for case in cases} == {Channel.HELSENORGE, Channel.EMAIL, Channel.LETTER}
