"""B6: saving form B1.1 filled in all over, against the same form saved the usual way by three frameworks."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from tests.benchmarks.filled_form import described, fields
from tests.benchmarks.harness import Figure, spread
from tests.benchmarks.peers.place import CannotInstall, interpreter
from tests.benchmarks.peers.web_form import MARK
from tests.benchmarks.registration_site import Visit, open_site

ROOT = Path(__file__).resolve().parents[2]
COURSES, MICRO = 20, 1e6
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

    def _send(self, course_id, turn, revision, act):
        path = f"/courses/{course_id}/forms/b11"
        return self.visit.post(path, [*fields(turn, revision)[:1], ("act", act), *fields(turn, revision)[2:]]).cpu


class Peer:
    """A process that saves the same answers in its own way."""

    def __init__(self, module, python, form):
        command = [python, "-m", f"tests.benchmarks.peers.{module}", str(form)]
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
def open_peer(bench, module, python):
    form = bench.folder / f"{module}.json"
    form.write_text(json.dumps(described(bench.postgresql.create(f"b6_{module}"), COURSES)))
    peer = Peer(module, python, form)
    try:
        yield peer
    finally:
        peer.child.kill()
        peer.child.communicate()


def usual(saves, count):
    """Microseconds of CPU a save, of the tenth that neighbours on the machine disturbed least."""
    return statistics.quantiles(saves(count), n=10)[0] * MICRO


def against_flask(bench, real, count):
    """Both of ours against plain Flask, in turn."""
    with open_peer(bench, "flask_peer", sys.executable) as plain:
        rounds = bench.compare(
            {
                "save": lambda: usual(real.saves, count),
                "finalise": lambda: usual(real.finals, count),
                "plain": lambda: usual(plain.saves, count),
            }
        )
    for name, what in (("save", "saving"), ("finalise", "finalising, with its event,")):
        ratios = rounds.ratios(name, "plain")
        note = f"{rounds.median(name):,.0f} us CPU, Flask {rounds.median('plain'):,.0f}"
        yield Figure(
            "B6",
            f"{what} against marshmallow and ORM, CPU",
            statistics.median(ratios),
            0.35,
            "x",
            True,
            spread(ratios),
            note,
        )


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
        yield from against_flask(bench, real, count)
        for name in PEERS:
            try:
                yield against(bench, real, count, name)
            except CannotInstall as reason:
                yield Figure("B6", f"{name}'s usual save against ours, CPU", 0.0, 2.0, note=f"not measured: {reason}")


BARS = {"B6": measure}
