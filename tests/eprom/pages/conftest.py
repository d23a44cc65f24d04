"""One eprom on a port of its own for the tests of a module."""

from __future__ import annotations

import pytest

from shared.testing.browser import served, take_over
from tests.eprom.pages.patient import patient
from tests.eprom.site import Site


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """The web app where a browser reaches it."""
    folder = tmp_path_factory.mktemp("clinic")
    made = Site(folder, f"sqlite:///{folder}/eprom.sqlite")
    with served(made.app) as made.address:
        yield made
    made.close()


@pytest.fixture
def visit(clinic, new_page):
    """Opens a page of a form on a telephone in which its patient has logged in."""

    def opened(order_id, page="", **window):
        phone = new_page(**{"width": 390, "height": 844, **window})
        client = patient(clinic)
        take_over(client, clinic.app.session_interface.cookie_name, phone, clinic.address)
        phone.goto(f"{clinic.address}/form/{order_id}{page}")
        return phone

    return opened
