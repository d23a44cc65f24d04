"""How examples are drawn for these tests: the same ones every time, with no clock; `--hypothesis-profile` draws anew."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("same", deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
settings.register_profile("anew", deadline=None, max_examples=3000, database=None, suppress_health_check=QUIET)


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--hypothesis-profile", default=None):
        settings.load_profile("same")
