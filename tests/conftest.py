"""Fixtures for all tests."""

pytest_plugins = ["shared.testing.databases", "shared.testing.compiled_pages"]
