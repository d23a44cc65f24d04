"""A pytest plugin that prints, at collection, which test names which requirement."""

from __future__ import annotations

import sys

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    for item in session.items:
        for mark in item.iter_markers("req"):
            for name in mark.args:
                sys.stdout.write(f"req {name} {item.nodeid}\n")
