"""The rooms and the directions between them are kept."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT


@pytest.mark.req("BUS-05")
def test_every_import_contract_is_kept():
    lint_imports = Path(sys.executable).with_name("lint-imports")
    answer = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout
