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
    return json.loads(done.stdout)


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
