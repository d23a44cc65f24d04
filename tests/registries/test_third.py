"""A third registry needs a folder of data and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.registries.third import write_registry

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What a course in the third registry led to, in a copy of the suite with its folder added."""
    suite, data = tmp_path_factory.mktemp("suite"), tmp_path_factory.mktemp("data")
    for part in ("shared", "services", "tests", "deploy"):
        shutil.copytree(ROOT / part, suite / part, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    write_registry(suite / "shared" / "registries")
    command = [sys.executable, "-m", "tests.registries.third", str(data)]
    done = subprocess.run(command, cwd=suite, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])  # services in it log what they do


@pytest.mark.req("GEN-01")
def test_every_service_knows_it(found):
    assert found["known"] == [True, True, True]


@pytest.mark.req("GEN-01")
def test_a_course_without_criteria_is_included_and_counts_nationally(found):
    assert found["course"] == ["national", True, 3, "311"]


@pytest.mark.req("GEN-01")
def test_answers_lie_in_its_own_columns(found):
    assert found["typed"] == ["2026-11-02", "2026-11-18"]


@pytest.mark.req("GEN-01", "EPR-11")
def test_its_own_schedule_orders_its_forms_at_its_own_hour(found):
    assert found["orders"] == {"steps": "2026-11-24T08:00:00+00:00", "later": "2026-12-18T08:00:00+00:00"}


@pytest.mark.req("GEN-01", "EPR-04")
def test_its_last_way_to_a_patient_is_a_letter(found):
    assert found["last_way"] == ["paper", 30]


@pytest.mark.req("GEN-01", "EPR-04")
def test_each_parent_of_a_child_is_written_to_once_in_each_way(found):
    state, messages, ways, has_both = found["children"]["ella"]

    assert (state, messages, ways, has_both) == ("sent", 2, 4, True)  # two messages, each by e-mail and by SMS


@pytest.mark.req("GEN-01", "EPR-08")
def test_its_parents_get_in_and_neither_the_child_nor_others(found):
    let_in = found["children"]["let in"]

    assert let_in == {"Vinterdal": 303, "Lundqvåg": 303, "Bjerkeset": 403, "Tangerud": 403}
    assert found["children"]["lost"] == 403
    assert found["children"]["register down"] == [503, 303]


@pytest.mark.req("GEN-01", "EPR-09")
def test_its_clinicians_read_that_a_parent_has_answered(found):
    assert found["children"]["clinician"] is True


@pytest.mark.req("GEN-01", "EPR-04", "EPR-15")
@pytest.mark.parametrize(
    ("child", "came_to"),
    [
        ("Solbakk", ["sent", None, ["digipost"]]),
        ("Lillehaug", ["unreachable", "protected_address", []]),
        ("Oterhals", ["unreachable", "no_representative", []]),
    ],
    ids=["one parent, at a hidden address", "a hidden child", "no parent"],
)
def test_its_other_children_are_reached_as_the_register_says(found, child, came_to):
    assert found["children"][child] == came_to


@pytest.mark.req("GEN-01", "EPR-08")
def test_at_sixteen_the_child_is_written_to_and_let_in_alone(found):
    assert found["children"]["of age"] == ["sent", ["letter"], 303, 403]
