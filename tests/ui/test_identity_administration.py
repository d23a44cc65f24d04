"""The pages of coordinators in Chromium: accessible and fitting, and a review done without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from services.identity.domain.roles import RoleCode
from services.identity.usecases.apply_for_user import apply_for_user
from services.identity.usecases.give_emergency_access import give_emergency_access
from shared.testing.browser import check_page, served, take_over
from shared.testing.web import sign_in
from tests.identity.calendar_days import Calendar
from tests.identity.site import Site
from tests.identity.world import APPLICATION, HERE, NATIONAL, THERE, acting

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07")]
WIDTHS = pytest.mark.parametrize("width", [320, 1280])
PAGES = ("/users", "/reviews", "/reviews/1", "/reviews/2", "/registry", "/organisations", "/emergency")
FILE = "resh_id;kind;name;parent_resh_id;registries;active\r\n1;region;Helse Vest RHF;;;1\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("administration")
    made = Site(folder, f"sqlite:///{folder}/site.sqlite")
    made.lise = made.add("lise", (HERE, RoleCode.LC))
    made.ole = made.add("ole", (HERE, RoleCode.LU), (THERE, RoleCode.LU))
    made.siri = made.add("siri", (NATIONAL, RoleCode.SC))
    Calendar(made).let_pass(days=365)
    apply_for_user(APPLICATION, language="nb", seals=made.seals, uow=made.uow)
    more = {"by": acting(made.lise), "messages": made.messages, "uow": made.uow}
    made.add("nina", (THERE, RoleCode.LU))
    give_emergency_access("nina", RoleCode.LU, HERE, reason="Vakt", **more)
    with served(made.app) as made.address:
        yield made
    made.database.engine.dispose()


def opener(site, new_page, principal):
    browser = site.browser()
    sign_in(browser, principal)

    def opened(path, width=1280, **more):
        page = new_page(width=width, **more)
        take_over(browser, site.app.session_interface.cookie_name, page, site.address)
        page.goto(site.address + path)
        return page

    return opened


@pytest.fixture
def as_siri(site, new_page):
    return opener(site, new_page, acting(site.siri, RoleCode.SC, NATIONAL))


@pytest.fixture
def as_lise(site, new_page):
    return opener(site, new_page, acting(site.lise))


@WIDTHS
@pytest.mark.parametrize("path", PAGES)
def test_pages_of_the_national_coordinator_are_accessible_and_fit(as_siri, path, width):
    check_page(as_siri(path, width))


@WIDTHS
def test_refused_acts_are_accessible_and_fit(site, as_lise, as_siri, width):
    page = as_lise(f"/users/{site.ole}", width)
    page.get_by_text("Gi en rolle til").first.click()
    page.get_by_role("button", name="Gi en rolle til").press("Enter")  # by mouse it moves away while fonts come
    expect(page.locator("#give-reason[aria-invalid=true]")).to_be_visible()
    check_page(page)
    check_page(as_lise(f"/users/{site.lise}", width))
    page = as_lise("/emergency", width)
    page.get_by_role("button", name="Gi nødtilgang").click()
    check_page(page)
    page = as_siri("/registry", width)
    page.get_by_role("button", name="Lagre vurderingen").click()
    check_page(page)


@WIDTHS
def test_a_preview_is_accessible_and_fits(as_siri, width):
    for content in (FILE, FILE + "2;planet;Mars;;;1\r\n"):
        page = as_siri("/organisations", width)
        page.get_by_label("CSV-fil").set_input_files(
            {"name": "a.csv", "mimeType": "text/csv", "buffer": content.encode()}
        )
        page.get_by_role("button", name="Se hva som endres").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Endringer i organisasjonstreet")
        check_page(page)


@pytest.mark.req("IDN-14")
def test_a_review_is_done_without_scripts(as_lise):
    page = as_lise("/reviews", java_script_enabled=False)
    page.get_by_role("link", name="Vestsykehuset").click()
    page.get_by_role("group", name="Ole, Local-user (LU)").get_by_label("Bekreft").check()
    page.get_by_role("button", name="Lagre det som er merket").click()
    expect(page.get_by_role("status")).to_have_text("Lagret.")
    expect(page.get_by_role("listitem").filter(has_text="Ole")).to_contain_text("Bekreftet")
