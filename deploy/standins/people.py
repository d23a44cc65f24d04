"""The population as the stand-ins keep it: found by number or contact data, changed by hand, with a feed of changes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from deploy.standins.demo_persons import demo_persons
from deploy.standins.persons import OWN_AGE, Profile, Protection, StandinPerson, age_on, random_persons
from deploy.standins.store import StandinStore, Transaction
from shared.scheduling.clock import Clock, today


class Change(StrEnum):
    """Event types of the person service that the stand-in makes."""

    DECEASED = "PersonIsDeceased"
    DEATH = "ChangeInDeath"
    NAME = "ChangeInName"
    PROTECTION = "ChangeInAddressProtection"
    CONTACT = "ChangeInCommonContactRegisterInformation"
    RESPONSIBILITY = "ChangeInParentalResponsibility"


class People:
    """All invented persons."""

    def __init__(self, store: StandinStore, clock: Clock, *, seed: int, count: int) -> None:
        self._store = store
        self._clock = clock
        self._seed = seed
        self._count = count

    def populate(self) -> None:
        """Make the population, unless there is one."""
        with self._store.transaction() as transaction:
            if transaction.one("SELECT 1 FROM person LIMIT 1") is not None:
                return
            for position, person in enumerate(_population(self._seed, self._count, today(self._clock))):
                _insert(transaction, person, position)

    def by_number(self, number: str) -> StandinPerson | None:
        """Return the person with this number."""
        return self._by_key("number", number)

    def by_mobile(self, mobile: str) -> StandinPerson | None:
        """Return the person who can be reached at this mobile number."""
        return self._by_key("mobile", mobile)

    def by_email(self, address: str) -> StandinPerson | None:
        """Return the person who can be reached at this address."""
        return self._by_key("email", address.lower())

    def by_id(self, person_id: str) -> StandinPerson | None:
        """Return the person with this id of the person service."""
        with self._store.reading() as transaction:
            row = transaction.one("SELECT body FROM person WHERE id = ?", person_id)
        return None if row is None else StandinPerson.from_json(json.loads(row["body"]))

    def all(self) -> list[StandinPerson]:
        """Return everybody, the named people first."""
        with self._store.reading() as transaction:
            rows = transaction.all("SELECT body FROM person ORDER BY position")
        return [StandinPerson.from_json(json.loads(row["body"])) for row in rows]

    def latest_event(self) -> int:
        """Return the number of the newest event; 0 when there is none."""
        with self._store.reading() as transaction:
            row = transaction.one("SELECT max(sequence) AS newest FROM population_event")
        return int(row["newest"] or 0) if row else 0

    def die(self, person: StandinPerson, on: str) -> None:
        """Register a death, with the day as an ISO date."""
        self._change(replace(person, died_on=on), [Change.DECEASED, Change.DEATH])

    def rename(self, person: StandinPerson, family_name: str) -> None:
        """Give the person another family name; the old one stays in the history."""
        earlier = (*person.earlier_names, person.family_name)
        self._change(replace(person, family_name=family_name, earlier_names=earlier), [Change.NAME])

    def protect(self, person: StandinPerson, level: Protection) -> None:
        """Change the level of address protection."""
        self._change(replace(person, protection=level), [Change.PROTECTION])

    def move_to_profile(self, person: StandinPerson, profile: Profile) -> None:
        """Change how the person can be reached."""
        self._change(replace(person, profile=profile), [Change.CONTACT])

    def end_responsibility(self, child: StandinPerson, number: str, on: str) -> None:
        """Take a parent's responsibility for a child away, from a day as an ISO date."""
        kept = tuple(
            one._replace(until=on) if one.number == number and one.until is None else one
            for one in child.responsibility
        )
        if kept == child.responsibility:
            raise ValueError("nobody with this number has it")
        self._change(replace(child, responsibility=kept), [Change.RESPONSIBILITY])

    def is_reached_on_helsenorge(self, person: StandinPerson) -> bool:
        """Tell whether Helsenorge may write to the person; to a child below 16 only while a parent is active there."""
        if age_on(person, today(self._clock)) >= OWN_AGE:
            return person.is_on_helsenorge
        return self.active_parent(person) is not None

    def active_parent(self, person: StandinPerson) -> StandinPerson | None:
        """Return who answers on Helsenorge for a child below 16; None for everybody else, and for a hidden child."""
        is_child = age_on(person, today(self._clock)) < OWN_AGE and person.died_on is None
        if not is_child or person.protection is not Protection.UNCLASSIFIED:
            return None
        parents = [self.by_number(one.number) for one in person.responsibility if one.number and one.until is None]
        return next((one for one in parents if one and one.is_on_helsenorge), None)

    def _by_key(self, kind: str, value: str) -> StandinPerson | None:
        with self._store.reading() as transaction:
            row = transaction.one(
                "SELECT body FROM person JOIN person_key ON person_id = id WHERE kind = ? AND value = ?", kind, value
            )
        return None if row is None else StandinPerson.from_json(json.loads(row["body"]))

    def _change(self, person: StandinPerson, changes: Sequence[Change]) -> None:
        with self._store.transaction() as transaction:
            transaction.run("UPDATE person SET body = ? WHERE id = ?", json.dumps(person.to_json()), person.id)
            for change in changes:
                transaction.run(
                    "INSERT INTO population_event (person_id, event_type) VALUES (?, ?)", person.id, change.value
                )


@lru_cache(maxsize=4)
def _population(seed: int, count: int, day: date) -> tuple[StandinPerson, ...]:
    """Everybody there is at the start."""
    named = demo_persons(day)
    return (*named, *random_persons(seed, count, day, taken={person.number for person in named}))


def _insert(transaction: Transaction, person: StandinPerson, position: int) -> None:
    transaction.run("INSERT INTO person VALUES (?, ?, ?)", person.id, position, json.dumps(person.to_json()))
    for kind in ("number", "mobile", "email"):
        transaction.run("INSERT INTO person_key VALUES (?, ?, ?)", kind, getattr(person, kind), person.id)
