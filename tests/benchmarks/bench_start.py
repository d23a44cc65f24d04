"""B15: from the command that runs everything to the first page of all five, on a folder that is there already."""

from __future__ import annotations

import subprocess
import sys
import time

import requests

from deploy.embedded.environment import SERVICES
from tests.benchmarks.harness import Figure, spread
from tests.deploy.running import Running

PAUSE, LONGEST = 0.02, 180.0


def first_pages(url, session):
    """Ask for the front page of each service until all have answered."""
    waiting, end = set(SERVICES), time.monotonic() + LONGEST
    while waiting and time.monotonic() < end:
        waiting -= {name for name in waiting if is_shown(f"{url}/{name}/", session)}
        time.sleep(PAUSE)
    if waiting:
        raise RuntimeError(f"no page of {', '.join(sorted(waiting))}")


def is_shown(address, session):
    try:
        answer = session.get(address, timeout=LONGEST)
    except requests.ConnectionError:
        return False
    return answer.status_code == requests.codes.ok and "<html" in answer.text


def start(folder):
    """Seconds from the command to the first page of the last service."""
    suite = Running(folder)
    began = time.monotonic()
    suite.launch()
    try:
        with requests.Session() as session:
            first_pages(suite.url, session)
        return time.monotonic() - began
    finally:
        suite.end()


def empty_interpreter():
    """Seconds that the same machine takes to import a web framework and stop."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-c", "import flask, sqlalchemy.orm, requests"], check=True)
    return time.monotonic() - began


def measure(bench):
    folder = bench.folder / "suite"
    first = start(folder)
    rounds = bench.compare({"suite": lambda: start(folder), "imports": empty_interpreter})
    seconds = rounds.figures["suite"]
    note = f"first start {first:.1f} s; importing flask and SQLAlchemy alone {rounds.median('imports'):.1f} s"
    # The least disturbed start: neighbours on the machine can only make it look slower.
    what = "second start to the first page of all five"
    yield Figure("B15", what, min(seconds), 5.0, "s", at_most=True, noise=spread(seconds), note=note)


BARS = {"B15": measure}
