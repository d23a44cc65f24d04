"""Keeps the result of every test that proves a requirement, for `make requirements`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RESULTS = Path("var", "requirements.json")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(ResultKeeper(config.rootpath / RESULTS), "requirement-results")


@pytest.hookimpl(tryfirst=True)  # before tests in groups are given names by which nothing else knows them
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        ids = [str(name) for mark in item.iter_markers("req") for name in mark.args]
        if ids:
            item.user_properties += [("req", ids), ("test", item.nodeid)]


class ResultKeeper:
    """Gathers reports, also those that come back from other test processes, and writes them at the end."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.results: dict[str, dict[str, object]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = dict(report.user_properties)
        if "req" in told and (report.when == "call" or report.outcome != "passed"):
            self.results[str(told["test"])] = {"req": told["req"], "outcome": report.outcome}

    def pytest_sessionfinish(self) -> None:
        if not self.results:
            return
        kept = json.loads(self.path.read_text(encoding="utf-8")) if self.path.is_file() else {}
        self.path.parent.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(kept | self.results, indent=1, sort_keys=True), encoding="utf-8")
