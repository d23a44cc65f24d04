"""Keeps the result of every test that proves a requirement, for `make requirements`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RESULTS = Path(__file__).resolve().parents[1] / "var" / "requirements.json"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ResultKeeper(), "requirement-results")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        ids = [str(name) for mark in item.iter_markers("req") for name in mark.args]
        if ids:
            item.user_properties.append(("req", ids))


class ResultKeeper:
    """Gathers reports, also those that come back from other test processes, and writes them at the end."""

    def __init__(self) -> None:
        self.results: dict[str, dict[str, object]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        ids = next((value for name, value in report.user_properties if name == "req"), None)
        if ids and (report.when == "call" or report.outcome != "passed"):
            self.results[report.nodeid] = {"req": ids, "outcome": report.outcome}

    def pytest_sessionfinish(self) -> None:
        if not self.results:
            return
        kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(kept | self.results, indent=1, sort_keys=True), encoding="utf-8")
