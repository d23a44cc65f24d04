"""Chromium for the tests of pages."""

from shared.testing.browser import browser, new_page, page

__all__ = ["browser", "new_page", "page"]
