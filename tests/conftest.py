"""Fixtures for all tests."""

import pytest

pytest_plugins = ["shared.testing.databases", "shared.testing.compiled_pages"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a module's tests with a browser in one process: starting the browser takes longer than most of them."""
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(f"browser of {item.path.stem}"))
