"""A form brought in from FHIR is ordered, answered on the pages or at Helsenorge, and stored with its score."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.registries.brought import bring_in

pytestmark = pytest.mark.req("EPR-01", "GEN-01")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What became of the form in a copy of the suite with a registry that brings it."""
    suite, data = tmp_path_factory.mktemp("suite"), tmp_path_factory.mktemp("data")
    for part in ("shared", "services", "tests", "deploy"):
        shutil.copytree(ROOT / part, suite / part, ignore=shutil.ignore_patterns("__pycache__", "vendor"))
    bring_in(suite / "shared" / "registries", data / "feet.json")
    command = [sys.executable, "-m", "tests.registries.brought", str(data)]
    done = subprocess.run(command, cwd=suite, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_questions_show_when_their_conditions_hold(found):
    assert found["grown"] == [
        ["q_1_1", "q_1_6"],
        ["q_1_2", "q_2_1", "q_2_2", "q_2_3"],
        ["q_1_3", "q_1_5"],
        ["q_1_4"],
        [],
        [],
        ["q_1_7"],
        ["q_1_7_other"],
        [],
        [],
        [],
        ["q_2_5"],
        [],
    ]


def test_registration_stores_the_answers_and_the_score(found):
    values = found["values"][0]
    assert (values["q_1_2"], values["q_1_3"], values["q_1_4"]) == (["toe"], 9, "2026-11-01")
    assert (values["q_1_7"], values["q_1_7_other"], values["q_2_4"], values["q_2_5"]) == ("other", "Kork", 4, 2)


def test_both_ways_lead_to_the_same_document_and_columns(found):
    assert found["statuses"] == [422, ["hidden"], 201]
    assert found["values"][0] == found["values"][1]
    assert found["sums"] == [4, 4]
