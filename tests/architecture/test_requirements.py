"""Tests name requirements that exist."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from tests.architecture.source import python_files, relative
from tests.requirements import ROOT, requirement_titles
from tests.requirements_plugin import RESULTS

MARK = re.compile(r"mark\.req\(([^)]*)\)")
GROUPED = """
import pytest

@pytest.mark.xdist_group("together")
@pytest.mark.req("GEN-01")
@pytest.mark.parametrize("to", ["kari@sykehus.example"])
def test_one(to): pass

@pytest.mark.req("GEN-01")
def test_other(): assert False
"""


def test_every_requirement_named_by_a_test_is_known():
    known, unknown = requirement_titles(), []
    assert known
    for path in python_files():
        if relative(path).startswith("tests/") and not relative(path).startswith("tests/architecture/"):
            for names in MARK.findall(path.read_text(encoding="utf-8")):
                unknown += [f"{relative(path)}: {n}" for n in re.findall(r'"([^"]+)"', names) if n not in known]
    assert not unknown


def test_results_are_kept_by_the_names_that_tests_are_known_by_also_of_those_in_groups(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  req(id): x\n")
    (tmp_path / "test_grouped.py").write_text(GROUPED)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.requirements_plugin",
        "-n",
        "1",
        "--dist",
        "loadgroup",
    ]
    subprocess.run([*command, "--rootdir", tmp_path, tmp_path], cwd=ROOT, check=False, capture_output=True, text=True)
    kept = json.loads((tmp_path / RESULTS).read_text())

    assert {name.partition("::")[2]: one["outcome"] for name, one in kept.items()} == {
        "test_one[kari@sykehus.example]": "passed",
        "test_other": "failed",
    }
