"""Whoever sees something of a patient is in the access log, found by reading the answers; no log, nothing is shown."""

from __future__ import annotations

import random
import sqlite3
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from shared.web.denials import ACTION
from tests.security.conftest import SCENES
from tests.security.patients import log_of, signs_of
from tests.security.scanner import Scanner, entries, is_complete
from tests.security.scene import PARAMETER
from tests.security.table import Heard, read_table

# Identity knows no patients.
OF_PATIENTS = pytest.mark.parametrize("scene", SCENES[:4], indirect=True, scope="session")
pytestmark = [pytest.mark.req("GEN-06"), OF_PATIENTS]
OF_NOBODY = {"patient", "case of bjorn"}  # what is in no party's reach
ANYWHERE, SEED = 200, 20261121
BROKEN_LOG = "CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'full'); END"


@pytest.fixture
def scanned(scene):
    """The scene with the scanner around its app."""
    inner = scene.app.wsgi_app
    scene.app.wsgi_app = scanner = Scanner(inner, signs_of(scene))
    yield SimpleNamespace(scene=scene, scanner=scanner, log=log_of(scene))
    scene.app.wsgi_app = inner
    scene.restore()


def reached(scene):
    """Everything that somebody is let in to, with one party of each sort."""
    lines = [line for line in read_table(scene.kit.name).values() if not line.is_open]
    cells = [(line, party, thing) for line in lines for thing in scene.named(line) for party in scene.parties]
    good = [cell for cell in cells if cell[0].expected(*cell[1:]) is Heard.LET_IN]
    return list(
        {(cell[0].method, cell[0].path, cell[2] and cell[2].name, cell[1].word): cell for cell in good}.values()
    )


def questions(scene, chance):
    """Everything that somebody is let in to, in any order, and as many requests anywhere by anybody."""
    lines, good = list(read_table(scene.kit.name).values()), reached(scene)
    lines = [chance.choice(lines) for _ in range(ANYWHERE)]
    cells = [(line, chance.choice(scene.parties), chance.choice(scene.named(line))) for line in lines]
    return chance.sample(good + cells, k=len(good) + len(cells))


def ask(scene, chance, line, party, thing):
    """One request, as a page or as a part of one, with one button or another."""
    headers = {"HX-Request": "true"} if chance.random() < 0.2 else {}
    return scene.ask(party, line.method, line.path, thing, headers=headers)


def faults(scanned, line, party, thing, heard):
    """What was shown, or denied, without a complete entry."""
    seen, by = scanned.scanner.last, who(scanned.scene, party)
    found = [entry for entry in entries(scanned.scene, scanned.log, seen) if is_complete(entry, by)]
    missing = [one.name for one in seen.signs if not any(one.is_told(entry) for entry in found)]
    is_denied = heard in {Heard.FORBIDDEN, Heard.NOT_THERE} and seen.status in {403, 404} and not line.is_open
    if is_denied and ACTION not in {entry.action for entry in found}:
        missing.append(ACTION)
    return [f"{line.method} {line.path} | {party.name} | {thing and thing.name}: {missing}"] if missing else []


def who(scene, party):
    """The party as the log should name it."""
    principal = scene.principal(party)
    if principal is not None:
        return principal
    actor = "user:1" if party.is_user else f"service:{party.word.partition(':')[2]}"
    return SimpleNamespace(actor=actor, organisation=None)


def test_every_answer_that_shows_a_patient_and_every_denied_try_is_in_the_log(scanned):
    chance, unlogged, shown = random.Random(SEED), [], set()
    for line, party, thing in questions(scanned.scene, chance):
        answer = ask(scanned.scene, chance, line, party, thing)
        heard = scanned.scene.heard(line, answer)
        unlogged += faults(scanned, line, party, thing, heard)
        shown |= {one.name for one in scanned.scanner.last.signs}
        if heard is Heard.LET_IN and line.method == "POST":
            scanned.scene.restore()

    assert unlogged == [], SEED
    assert shown == {one.name for one in signs_of(scanned.scene)} - OF_NOBODY


def test_a_number_in_an_address_or_a_header_is_not_kept(scanned):
    scene, number = scanned.scene, "17855749815"
    for line, party in {
        (line.method, line.path, party.word): (line, party) for line, party, _ in reached(scene)
    }.values():
        path = PARAMETER.sub(number, line.path)
        scene.ask(party, line.method, path, None, headers={"X-Correlation-Id": number})

    with scene.site.database.reading() as session:
        kept = session.execute(select(scanned.log)).all()
    assert [entry for entry in kept if number in f"{entry.object} {entry.correlation_id} {entry.reason}"] == []


def test_when_the_log_cannot_be_written_nothing_is_shown(scanned):
    scene = scanned.scene
    with sqlite3.connect(scene.files()[0]) as live:
        live.execute(BROKEN_LOG)
    live.close()
    shown = []
    for line, party, thing in reached(scene):
        scene.ask(party, line.method, line.path, thing)
        shown += [(line.path, party.name, one.name) for one in scanned.scanner.last.signs]

    assert shown == []
