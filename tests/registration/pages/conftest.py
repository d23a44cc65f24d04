"""One registration on a port of its own for the tests of a module."""

from __future__ import annotations

import pytest

from shared.testing.browser import served, take_over
from tests.registration.site import HUS, Site


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The web app where a browser reaches it."""
    folder = tmp_path_factory.mktemp("desk")
    made = Site(folder, f"sqlite:///{folder}/registration.sqlite")
    with served(made.app) as made.address:
        yield made
    made.close()


@pytest.fixture
def visit(desk, new_page):
    """Opens a form of a course as one user or another."""

    def opened(course_id, form="to", *, user_id=1, more="", **window):
        page = new_page(**{"height": 900, **window})
        log_in(desk, page, user_id)
        page.goto(f"{desk.address}/courses/{course_id}/forms/{form}{more}")
        return page

    return opened


def log_in(desk, page, user_id=1):
    """Let the browser of a page be one in which a user has logged in."""
    client = desk.browser(organisation=HUS, user_id=user_id)
    take_over(client, desk.app.session_interface.cookie_name, page, desk.address)
