"""Tests name requirements that exist."""

from __future__ import annotations

import re

from tests.architecture.source import python_files, relative
from tests.requirements import requirement_titles

MARK = re.compile(r"mark\.req\(([^)]*)\)")


def test_every_requirement_named_by_a_test_is_known():
    known, unknown = requirement_titles(), []
    assert known
    for path in python_files():
        if relative(path).startswith("tests/") and not relative(path).startswith("tests/architecture/"):
            for names in MARK.findall(path.read_text(encoding="utf-8")):
                unknown += [f"{relative(path)}: {n}" for n in re.findall(r'"([^"]+)"', names) if n not in known]
    assert not unknown
