"""B6: saving form B1.1 filled in all over, against the same form saved the usual way by three frameworks.

The save is what the bar names: fields checked, document, change log, access log, typed columns and outbox written; the
other side checks with marshmallow and writes with the ORM. Both are told too with the request around them: there ours
also looks up a log-in in the database, proves where the page came from, and writes a line of the request log.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.save_form import save_form
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.benchmarks.filled_form import described, fields
from tests.benchmarks.harness import Figure, spread
from tests.benchmarks.peers.place import CannotInstall, interpreter
from tests.benchmarks.peers.web_form import ALONE, MARK
from tests.benchmarks.registration_site import Visit, open_site
from tests.registration.site import HUS

ROOT = Path(__file__).resolve().parents[2]
COURSES, MICRO = 20, 1e6
MOST = 0.35
NURSE = {"by": a_user(Role.LU, organisation=HUS), "seen": frozenset({HUS})}
PEERS = {"FastAPI": "fastapi_peer", "Django": "django_peer"}
_MORE_COURSES = """
INSERT INTO course (pid, registry, organisation, is_active, started_on, course_type, is_included, basis, placement,
  form_status, has_comment, created_at, created_by, definitions_on)
SELECT pid, registry, organisation, is_active, started_on, course_type, is_included, basis, placement,
  form_status, has_comment, created_at, created_by, definitions_on
FROM course, generate_series(1, :more) WHERE course_id = :course_id RETURNING course_id
"""


class Real:
    """The real registration service."""

    def __init__(self, site):
        self.site, self.visit, self.turn = site, Visit(site), 0
        self.kept = Kept(persons=site.persons, uow=site.uow)
        self.courses = self.more_courses(COURSES)
        self.revisions = dict.fromkeys(self.courses, 0)
        self.saves(5 * COURSES)

    def more_courses(self, many):
        with self.site.database.transaction() as session:
            values = {"course_id": self._course_id, "more": many}
            return list(session.scalars(text(_MORE_COURSES), values))

    def saves(self, count):
        """CPU seconds of so many saves, each course in turn."""
        return [self._save(self.courses[(self.turn + n) % COURSES], n) for n in range(count)]

    def alone(self, count):
        """The same without the page around it."""
        return [self._alone(self.courses[(self.turn + n) % COURSES], n) for n in range(count)]

    def finals(self, count):
        """The same of saves that lock the form and tell others of it."""
        return [self._send(course_id, 0, 0, "finalise") for course_id in self.more_courses(count)]

    @property
    def _course_id(self):
        with self.site.database.reading() as session:
            return session.scalar(text("SELECT min(course_id) FROM course"))

    def _save(self, course_id, turn):
        taken = self._send(course_id, turn, self.revisions[course_id], "save")
        self.revisions[course_id] += 1
        return taken

    def _alone(self, course_id, turn):
        revision = self.revisions[course_id]
        typed, at = MultiDict(fields(turn, revision)), FormAt(course_id=course_id, form="b11", **NURSE)
        began = time.process_time()
        saved = save_form(
            at, lambda opened: opened.form.read(typed, opened.document), revision=revision, kept=self.kept
        )
        taken = time.process_time() - began
        if not saved.is_stored:
            raise RuntimeError(saved.problems)
        self.revisions[course_id] += 1
        return taken

    def _send(self, course_id, turn, revision, act):
        path = f"/courses/{course_id}/forms/b11"
        return self.visit.post(path, [*fields(turn, revision)[:1], ("act", act), *fields(turn, revision)[2:]]).cpu


class Peer:
    """A process that saves the same answers in its own way."""

    def __init__(self, module, python, form, *more):
        command = [python, "-m", f"tests.benchmarks.peers.{module}", str(form), *more]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.child = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._hear()

    def saves(self, count):
        """CPU seconds of so many saves."""
        self.child.stdin.write(f"{count}\n")
        self.child.stdin.flush()
        return self._hear()

    def _hear(self):
        for line in self.child.stdout:
            if line.startswith(MARK):
                return json.loads(line.removeprefix(MARK))
        raise RuntimeError(f"a peer ended with {self.child.wait()}")


@contextmanager
def open_peer(bench, module, python, *more):
    name = "_".join([module, *more])
    form = bench.folder / f"{name}.json"
    form.write_text(json.dumps(described(bench.postgresql.create(f"b6_{name}"), COURSES)))
    peer = Peer(module, python, form, *more)
    try:
        yield peer
    finally:
        peer.child.kill()
        peer.child.communicate()


def usual(saves, count):
    """Microseconds of CPU a save, of the tenth that neighbours on the machine disturbed least."""
    return statistics.quantiles(saves(count), n=10)[0] * MICRO


def against_plain(bench, real, count):
    """The save against the plain one; then both with the request around them."""
    with open_peer(bench, "flask_peer", sys.executable, ALONE) as plain:
        yield from compared(bench, {"saving": real.alone}, plain, count, "marshmallow and ORM, CPU")
    with open_peer(bench, "flask_peer", sys.executable) as plain:
        pages = {"the page's save": real.saves, "finalising, with its event,": real.finals}
        yield from compared(bench, pages, plain, count, "Flask, marshmallow and ORM, CPU")


def compared(bench, ours, plain, count, whom):
    contenders = {name: partial(usual, saves, count) for name, saves in ours.items()}
    rounds = bench.compare({**contenders, "plain": lambda: usual(plain.saves, count)})
    for name in ours:
        ratios = rounds.ratios(name, "plain")
        note = f"{rounds.median(name):,.0f} us CPU, plain {rounds.median('plain'):,.0f}"
        yield Figure("B6", f"{name} against {whom}", statistics.median(ratios), MOST, "x", True, spread(ratios), note)


def against(bench, real, count, name):
    """A framework's usual save against ours."""
    with open_peer(bench, PEERS[name], interpreter("web")) as peer:
        contenders = {"peer": lambda: usual(peer.saves, count), "save": lambda: usual(real.saves, count)}
        rounds = bench.compare(contenders)
    ratios = rounds.ratios("peer", "save")
    note = f"{rounds.median('save'):,.0f} us CPU, {name} {rounds.median('peer'):,.0f}"
    return Figure("B6", f"{name}'s usual save against ours, CPU", statistics.median(ratios), 2.0, "x",
                  noise=spread(ratios), note=note)  # fmt: skip


def measure(bench):
    count = bench.some(200)
    with open_site(bench, "b6") as site:
        site.register()
        real = Real(site)
        yield from against_plain(bench, real, count)
        for name in PEERS:
            try:
                yield against(bench, real, count, name)
            except CannotInstall as reason:
                yield Figure("B6", f"{name}'s usual save against ours, CPU", 0.0, 2.0, note=f"not measured: {reason}")


BARS = {"B6": measure}
