"""Eprom asks who answers for a child, in a registry that lets parents do so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.registration.app import create_app
from services.registration.domain.representation import RepresentationRule
from tests.registration.api.test_recipients import ask
from tests.registration.site import KARI, Site

pytestmark = pytest.mark.req("EPR-01", "EPR-04", "EPR-08")
UNTIL_16 = RepresentationRule(parents_until=16, child_from=16)


class Ward(Site):
    """Registration whose registry has a rule about parents."""

    def __init__(self, folder, rule=UNTIL_16):
        super().__init__(folder, f"sqlite:///{folder}/registration.sqlite")
        self.lay_rule(rule)

    def lay_rule(self, rule):
        changed = replace(self.means.registries["smertereg"], representation=rule)
        self.means = replace(self.means, registries={"smertereg": changed})
        self.app = create_app(self.settings, replace(self.parts, means=self.means))

    def answer(self, family_name):
        """What eprom is told of a registered person."""
        number = self.person(family_name).number
        course_id = self.courses.setdefault(number, None) or self.register(number)
        self.courses[number] = course_id
        return ask(self, self.pid(number), course_id)

    def told(self, family_name):
        """The family names of those who answer for a person, and whether the person does so too."""
        body = self.answer(family_name).json
        if "representatives" not in body:
            return None
        numbers = {one["number"] for one in body["representatives"]}
        found = {name for name in ("Vinterdal", "Lundqvåg", "Tangerud") if self.person(name).number in numbers}
        assert len(found) == len(numbers)
        return found, body["answers_self"]


@pytest.fixture
def ward(tmp_path):
    made = Ward(tmp_path)
    made.courses = {}
    yield made
    made.close()


@pytest.mark.parametrize(
    ("child", "told"),
    [
        ("Bjerkeset", ({"Vinterdal", "Lundqvåg"}, False)),
        ("Solbakk", ({"Tangerud"}, False)),
        ("Oterhals", (set(), False)),
        ("Lillehaug", (set(), False)),
        ("Ekebakk", None),
        ("Granlid", None),
    ],
    ids=["two parents", "one parent", "the public", "hidden child", "sixteen", "grown up"],
)
def test_parents_answer_below_the_age_and_nobody_for_a_hidden_child(ward, child, told):
    assert ward.told(child) == told


def test_the_protection_of_a_parent_comes_along(ward):
    (mother,) = ward.answer("Solbakk").json["representatives"]

    assert mother["is_protected"] is True


def test_without_the_setting_a_child_is_its_own_and_the_register_is_not_asked(ward):
    ward.lay_rule(None)
    ward.answer("Bjerkeset")  # registered from now on
    ward.fail("population", times=1)
    assert ward.told("Bjerkeset") is None

    ward.lay_rule(UNTIL_16)
    assert ward.answer("Bjerkeset").status_code == 503  # the fault was still there: nobody had asked


def test_a_registry_may_let_an_older_child_answer_too(ward):
    ward.lay_rule(RepresentationRule(parents_until=16, child_from=15))
    assert ward.told("Bjerkeset") == ({"Vinterdal", "Lundqvåg"}, True)
    assert ward.told("Solbakk") == ({"Tangerud"}, False)
    ward.lay_rule(UNTIL_16)


def test_who_loses_the_responsibility_is_told_no_more(ward):
    ella, amina = ward.person("Bjerkeset"), ward.person("Lundqvåg")
    standins = ward.standins.test_client()
    given = {"number": amina.number, "on": "2026-11-20"}
    assert standins.post(f"/people/{ella.id}/responsibility", data=given).status_code == 303
    assert ward.told("Bjerkeset") == ({"Vinterdal"}, False)
    standins.post("/reset")


@pytest.mark.req("EPR-15")
def test_while_the_register_is_down_nobody_is_told(ward):
    ward.answer("Bjerkeset")  # registered from now on
    ward.fail("population", times=1)
    assert ward.answer("Bjerkeset").status_code == 503
    assert ward.told("Bjerkeset") == ({"Vinterdal", "Lundqvåg"}, False)


@pytest.mark.req("GEN-06")
def test_the_question_is_in_the_access_log_without_the_parents(ward):
    ward.told("Bjerkeset")
    entry = ward.log()[-1]

    assert (entry.actor, entry.pid) == ("service:eprom", ward.pid(ward.person("Bjerkeset").number))
    assert (entry.object, entry.reason) == ("parental_responsibility", "patient_form")
    assert ward.person("Vinterdal").number not in str(entry)


@pytest.mark.req("GEN-04")
def test_nothing_of_the_parents_is_kept(ward):
    ward.told("Bjerkeset")

    assert ward.pid(ward.person("Vinterdal").number) is None


def test_on_the_birthday_the_child_answers_alone(ward):
    assert ward.told("Bjerkeset") == ({"Vinterdal", "Lundqvåg"}, False)
    ward.clock.move(timedelta(days=11))  # from 21 November to 2 December
    assert ward.told("Bjerkeset") is None
    assert ward.answer("Granlid").json["number"] == KARI
