"""The pages in Chromium: accessible, fitting small and large screens, and usable to the end."""

from __future__ import annotations

import pyrage
import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page, served, take_over
from shared.testing.web import sign_in
from tests.release.site import Site
from tests.release.world import FORM, KARI, MANAGER, MEMBER, SECRET_KEY, STATISTICIAN

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    made = Site(folder, f"sqlite:///{folder}/release.sqlite")
    with served(made.app) as made.address:
        yield made
    made.close()


@pytest.fixture
def visit(site, new_page):
    """Opens a page as somebody."""

    def opened(path, who=None, width=1280):
        page = new_page(width=width)
        if who is not None:
            client = site.browser()
            sign_in(client, who)
            take_over(client, site.app.session_interface.cookie_name, page, site.address)
        page.goto(f"{site.address}{path}")
        return page

    return opened


@pytest.fixture(scope="module")
def places(site):
    """The pages to look at, and as whom."""
    world = site.world()
    opened, small = world.opened(), world.ready(smallest_cell=2)
    of = {name: world.delivery(name).application_id for name in (opened, small)}
    return {
        "front": ("/", None),
        "own list": ("/applications", KARI),
        "form": ("/applications/new/smertereg", KARI),
        "own application": (f"/applications/{of[opened]}", KARI),
        "download": (f"/deliveries/{opened}/download", KARI),
        "queue": ("/review/", MANAGER),
        "vote": (f"/review/{world.voting()}", MEMBER),
        "two persons": (f"/review/{of[small]}", STATISTICIAN),
    }


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "name", ["front", "own list", "form", "own application", "download", "queue", "vote", "two persons"]
)
def test_every_page_is_accessible_and_fits(visit, places, name, width):
    path, who = places[name]
    check_page(visit(path, who, width))


@pytest.mark.req("REL-02")
def test_a_form_with_faults_is_accessible_and_put_right_to_the_end(visit, places):
    page = visit(*places["form"])
    page.get_by_role("button", name="Send søknaden").click()
    check_page(page)
    for name, value in FORM.items():
        field = page.locator(f'[name="{name}"]')
        field.first.check() if name == "legal_basis" else field.fill(value)
    page.locator("#form_hads").check()
    page.get_by_role("button", name="Send søknaden").click()

    expect(page.get_by_text("Søknaden er sendt")).to_be_visible()


@pytest.mark.req("REL-07")
def test_a_file_is_downloaded_in_the_browser(visit, site):
    page = visit(f"/deliveries/{site.world().opened()}/download", KARI)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Last ned nå").click()

    assert pyrage.decrypt(waited.value.path().read_bytes(), [SECRET_KEY]).startswith(b"pseudonym")
