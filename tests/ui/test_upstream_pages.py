"""The log-in page with providers behind it, and the page of the link, in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page, served, take_over
from tests.identity.upstream import Upstreams

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07")]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("upstream")
    made = Upstreams(folder, f"sqlite:///{folder}/site.sqlite")
    made.linked("helseid")
    with served(made.site.app) as made.address:
        yield made
    made.site.database.engine.dispose()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_log_in_page_offers_the_providers(world, new_page, width):
    page = new_page(width=width)
    page.goto(f"{world.address}/log-in")
    expect(page.get_by_role("button", name="Logg inn med HelseID")).to_be_visible()
    expect(page.get_by_role("button", name="Logg inn med ID-porten")).to_be_visible()
    check_page(page)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("is_linked", [False, True], ids=["about to be linked", "linked"])
def test_the_page_of_the_link_is_accessible_and_fits(world, new_page, width, is_linked):
    browser = world.site.logged_in("kari") if is_linked else world.site.browser()
    if not is_linked:
        answer = world.log_in(browser, "idporten", world.other)
        world.typed(browser, "kari", answer.location)
    page = new_page(width=width)
    take_over(browser, world.site.app.session_interface.cookie_name, page, world.address)
    page.goto(f"{world.address}/my-page/upstream")

    expect(page.get_by_role("button", name="Fjern koblingen" if is_linked else "Knytt sammen")).to_be_visible()
    check_page(page)
