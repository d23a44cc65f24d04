"""The population: everybody invented, everybody with a right number, the same people every time."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.standins.contact_facts import contact_facts, is_expired
from deploy.standins.demo_persons import demo_persons
from deploy.standins.numbers import candidates, is_d_number, is_synthetic, is_valid
from deploy.standins.persons import Profile, Protection, random_persons

TODAY = date(2026, 11, 21)
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "standins.md"
OFFICIAL = (
    ("30908299902", True), ("20036914700", True), ("03851598730", True), ("30108299939", True),
    ("29020073150", True), ("55102499947", True), ("41819077906", True), ("41819077302", True),
    ("20036914712", False), ("29020105729", False),
)  # fmt: skip


def everybody():
    named = demo_persons(TODAY)
    return named, random_persons(1, 320, TODAY, taken={person.number for person in named})


@pytest.mark.parametrize(("number", "good"), OFFICIAL)
def test_check_digits_agree_with_the_tax_authoritys_examples(number, good):
    assert is_valid(number) is good


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.booleans(), st.booleans(), st.integers(0, 3))
def test_every_offered_number_is_valid_and_marked_synthetic(birth_on, is_male, is_d, remainder):
    number = next(candidates(birth_on, is_male=is_male, is_d=is_d, remainder=remainder))

    assert is_valid(number)
    assert is_synthetic(number)
    assert is_d_number(number) is is_d
    assert int(number[8]) % 2 == is_male


@pytest.mark.parametrize("wrong", ["", "1", "abcdefghijk", "٣0908299902", "00000000000", "178557498150"])
def test_other_texts_are_no_numbers(wrong):
    assert not is_valid(wrong)


@pytest.mark.parametrize("place", range(11))
def test_one_wrong_digit_is_found(place):
    number = "17855749815"
    other = str((int(number[place]) + 1) % 10)
    assert not is_valid(number[:place] + other + number[place + 1 :])


def test_the_same_seed_makes_the_same_people():
    assert everybody() == everybody()
    assert random_persons(2, 20, TODAY, taken=set()) != random_persons(1, 20, TODAY, taken=set())


def test_numbers_mobiles_and_addresses_are_nobody_elses():
    named, others = everybody()
    people = [*named, *others]
    assert len(people) > 300
    for name in ("number", "mobile", "email", "id"):
        assert len({getattr(person, name) for person in people}) == len(people)
    assert all(is_valid(person.number) and is_synthetic(person.number) for person in people)


def test_the_population_has_people_of_every_kind():
    _, others = everybody()
    assert {person.profile for person in others} >= set(Profile) - {Profile.DELETED}
    assert {person.protection for person in others} == set(Protection)
    assert {person.language for person in others} == {"nb", "nn", "en", "se"}
    assert sum(is_d_number(person.number) for person in others) >= 10
    assert any(person.died_on for person in others)
    assert any(person.birth_on > "2010" for person in others)
    assert sum(_is_of_2032(person.number) for person in others) >= 5


def test_the_documents_list_of_demo_persons_is_right():
    text = DOCUMENT.read_text(encoding="utf-8")
    for person in demo_persons(TODAY):
        assert f"| {person.name} | {person.number} | {person.birth_on} |" in text


@pytest.mark.parametrize(("days", "over"), [(-1, False), (0, True), (400, True)])
def test_contact_data_expire_after_18_months(days, over):
    confirmed = date(2025, 5, 21)
    assert is_expired(confirmed, date(2026, 11, 21) + timedelta(days=days)) is over


def test_contact_data_of_the_dead_and_of_those_without_are_gone():
    people = {person.family_name: person for person in demo_persons(TODAY)}
    for name in ("Selje", "Fjellstrand"):
        facts = contact_facts(people[name], TODAY)
        assert (facts.status, facts.email, facts.mobile, facts.mailbox) == ("IKKE_REGISTRERT", None, None, None)


def _is_of_2032(number: str) -> bool:
    weights = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
    return sum(int(digit) * weight for digit, weight in zip(number[:10], weights, strict=True)) % 11 != 0
