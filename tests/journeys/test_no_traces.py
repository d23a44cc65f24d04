"""After all journeys: who the patients are is in the person store alone, and there only sealed."""

from __future__ import annotations

import json
import sqlite3

import pytest

from deploy.standins.persons import Part, StandinPerson
from tests.journeys.conftest import BROWSER_FILE
from tests.journeys.walker import KARI, KARI_NAME
from tests.security.traces import search

pytestmark = [pytest.mark.journey, pytest.mark.req("GEN-04")]
STANDINS = "standins"


def everybody(suite):
    """The people whom the registers outside know, and with that everybody who can have been typed or fetched."""
    with sqlite3.connect(suite.folder / f"{STANDINS}.sqlite") as register:
        bodies = [row[0] for row in register.execute("SELECT body FROM person")]
    register.close()
    return [StandinPerson.from_json(json.loads(body)) for body in bodies]


def what_tells(person):
    """What tells who somebody is; what an applicant is called stands in the application."""
    told = {person.number: "number"}
    if person.part is Part.PATIENT:
        told |= {person.family_name: "name", f"{person.street} {person.house}": "address"}
        told |= {person.mobile.removeprefix("+"): "mobile", person.email: "e-mail"}
    return {value: kind for value, kind in told.items() if value}


def test_who_the_patients_are_is_found_nowhere(suite):
    values = {value: kind for person in everybody(suite) for value, kind in what_tells(person).items()}

    assert {KARI: "number", KARI_NAME: "name"}.items() <= values.items()
    assert (suite.folder / BROWSER_FILE).stat().st_size > 0
    assert {kind for _, kind in search(suite.folder, values)} == set(values.values()) - {"address"}  # kept in parts
    assert search(suite.folder, values, without=[STANDINS]) == {}
