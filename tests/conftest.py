"""Fixtures for all tests."""

import gc

import pytest

from shared.garbage import spare_what_stays

pytest_plugins = [
    "shared.testing.databases",
    "shared.testing.compiled",
    "shared.testing.browser",
    "tests.deploy.suites",
]
gc.disable()  # until all is loaded


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together in one process what shares a server that takes longer to start than most of its tests."""
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(f"browser of {item.path.stem}"))
        elif item.get_closest_marker("rabbitmq"):
            item.add_marker(pytest.mark.xdist_group("rabbitmq"))


def pytest_collection_finish() -> None:
    """Tests make garbage; what was loaded to find them stays."""
    spare_what_stays()
    gc.enable()
