"""Identity's pages in Chromium: accessible and fitting, and a log-in typed to its end."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services.identity.domain.roles import RoleCode
from shared.testing.browser import check_page, served, take_over
from tests.identity.site import Site, fields
from tests.identity.world import APPLICATION, HERE, PASSWORD, THERE

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07")]
OPEN = ("/log-in", "/new-user", "/new-user/thanks", "/logged-out")
OWN = (
    "/projects",
    "/my-page",
    "/my-page/access",
    "/password",
    "/fresh-code",
    "/end-session",
    "/applications",
    "/users",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("identity")
    made = Site(folder, f"sqlite:///{folder}/site.sqlite")
    made.add("kari", (HERE, RoleCode.LC), (THERE, RoleCode.LU))
    made.user_id = made.add("ola", (HERE, RoleCode.LU))
    stranger = made.browser()
    form = fields(stranger.get("/new-user"), "/new-user")
    stranger.post("/new-user", data={**form, **APPLICATION})
    with served(made.app) as made.address:
        yield made
    made.database.engine.dispose()


@pytest.fixture(scope="module")
def kari(site):
    return site.logged_in("kari", number=1)


@pytest.fixture
def as_kari(site, kari, new_page):
    def opened(path, width=1280):
        page = new_page(width=width)
        take_over(kari, site.app.session_interface.cookie_name, page, site.address)
        page.goto(site.address + path)
        return page

    return opened


@pytest.mark.parametrize("width", [320, 1280])
def test_open_pages_are_accessible_and_fit(site, new_page, width):
    page = new_page(width=width)
    for path in OPEN:
        page.goto(site.address + path)
        check_page(page)


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", OWN)
def test_pages_of_a_coordinator_are_accessible_and_fit(as_kari, path, width):
    check_page(as_kari(path, width))


@pytest.mark.parametrize("width", [320, 1280])
def test_user_and_application_are_accessible_and_fit(site, as_kari, width):
    check_page(as_kari(f"/users/{site.user_id}", width))
    page = as_kari("/applications", width)
    page.get_by_role("link", name="Nina Ny").click()
    check_page(page)
    page.get_by_role("button", name="Godkjenn").click()
    check_page(page)
    expect(page.locator("#error-summary:focus")).to_have_count(1)


@pytest.mark.parametrize("width", [320, 1280])
def test_refused_application_is_accessible_and_fits(site, new_page, width):
    page = new_page(width=width)
    page.goto(f"{site.address}/new-user")
    page.get_by_role("button", name="Send skjema").click()
    expect(page).to_have_title(re.compile("^Feil: "))
    check_page(page)


@pytest.mark.req("IDN-04")
def test_user_logs_in_and_is_led_to_the_choice_of_role(site, new_page):
    page = new_page(java_script_enabled=False)
    page.goto(f"{site.address}/log-in")
    page.get_by_label("Brukernavn").fill("ola")
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_label("Engangskode").fill(site.code())
    page.get_by_role("button", name="Neste").click()
    expect(page.get_by_role("heading", name="Prosjektoversikt")).to_be_visible()
    assert page.get_by_role("button", name="Velg Vestsykehuset: Local-user (LU)").count() == 1


def test_lists_follow_what_is_chosen_without_leaving_the_page(site, page):
    page.goto(f"{site.address}/new-user")
    page.get_by_label("Brukernavn").fill("nils.ny")
    page.get_by_label("Region (RHF)").select_option("Helse Vest RHF")
    page.locator("#organisation").focus()
    page.locator("#organisation").select_option("Vestsykehuset")
    expect(page.get_by_label("Klinikk").get_by_role("option", name="Kirurgisk klinikk")).to_be_attached()
    assert page.get_by_label("Brukernavn").input_value() == "nils.ny"
    assert page.evaluate("document.activeElement.id") == "organisation"
