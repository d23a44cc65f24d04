"""Second factors in Chromium: passkeys on a device that the browser plays, and all pages accessible and fitting."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from services.identity.domain.roles import RoleCode
from shared.testing.browser import check_page, plug_in, press, served, take_over
from tests.identity.device import Phone
from tests.identity.site import Site
from tests.identity.world import HERE, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.req("IDN-13", "OPS-07")]
SECURITY = "/my-page/security"


@pytest.fixture
def site(tmp_path):
    apps = []
    with served(lambda *given: apps[0](*given)) as found:  # noqa: PLW0108 - the app is made when its address is known
        address = found.replace("127.0.0.1", "localhost")
        made = Site(tmp_path, f"sqlite:///{tmp_path}/site.sqlite", issuer=address)
        made.address, made.user_id = address, made.add("kari", (HERE, RoleCode.LC))
        apps.append(made.app)
        yield made
    made.database.engine.dispose()


@pytest.fixture
def opened(site, new_page):
    """Kari's browser, logged in, on the security page."""

    def open_page(**more):
        page = new_page(**more)
        take_over(site.logged_in("kari"), site.app.session_interface.cookie_name, page, site.address)
        page.goto(site.address + SECURITY)
        return page

    return open_page


def choose(site):
    """The role of the newest log-in; the button would lead to another service."""
    with site.uow() as store:
        row = next(row for row in store.log_ins.live_sign_ons(site.user_id) if row.role_id is None)
        row.role_id = store.users.roles_of(site.user_id)[0].role_id


def add_passkey(page, name="Telefonen"):
    page.locator("#name").fill(name)
    press(page, "Legg til passnøkkel")
    expect(page.get_by_text("En passnøkkel er lagt til brukeren din.")).to_be_visible()


def test_a_passkey_is_added_logs_in_alone_and_makes_the_log_in_fresh(site, opened):
    page = opened()
    plug_in(page)
    add_passkey(page)
    press(page, "Logg ut")
    expect(page).to_have_title(re.compile("Du er logget ut"))

    page.goto(f"{site.address}/log-in")
    press(page, "Logg inn med passnøkkel")
    expect(page.get_by_role("heading", name="Prosjektoversikt")).to_be_visible()
    choose(site)
    site.move(minutes=6)
    page.goto(site.address + SECURITY)
    page.get_by_role("link", name="Bekreft at det er deg").click()
    press(page, "Neste")
    press(page, "Bruk passnøkkel")

    expect(page.get_by_role("button", name="Fjern: Telefonen")).to_be_visible()
    with site.uow() as store:
        row = max(store.log_ins.live_sign_ons(site.user_id), key=lambda row: row.authenticated_at)
        assert (row.amr, row.authenticated_at) == ("pop user mfa", site.clock.now())


def test_a_passkey_is_the_second_step_after_the_password(site, opened):
    page = opened()
    plug_in(page)
    add_passkey(page)
    site.sent()
    page.goto(f"{site.address}/log-in")
    page.get_by_label("Brukernavn").fill("kari")
    page.get_by_label("Passord").fill(PASSWORD)
    press(page, "Logg inn")
    press(page, "Bruk passnøkkel")

    expect(page.get_by_role("heading", name="Prosjektoversikt")).to_be_visible()
    assert site.sent("sms") == []


def test_a_device_that_does_not_know_its_owner_is_told_of_and_another_way_stays_open(site, opened):
    page = opened()
    steered, device = plug_in(page)
    add_passkey(page)
    steered.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{site.address}/log-in")
    press(page, "Logg inn med passnøkkel")

    expect(page.get_by_role("alert").filter(has_text="Det ble avbrutt")).to_be_visible()
    expect(page.get_by_role("button", name="Logg inn med passnøkkel")).to_be_enabled()
    check_page(page)


def test_one_device_is_not_added_twice_and_a_missing_name_is_told_first(opened):
    page = opened()
    plug_in(page)
    press(page, "Legg til passnøkkel")
    expect(page.get_by_role("alert").filter(has_text="Må fylles ut")).to_be_visible()
    add_passkey(page)
    page.locator("#name").fill("Samme")
    press(page, "Legg til passnøkkel")

    expect(page.get_by_role("alert").filter(has_text="har allerede en passnøkkel")).to_be_visible()
    assert page.locator("#name").input_value() == "Samme"


def test_a_browser_without_passkeys_says_so(site, new_page):
    page = new_page()
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto(f"{site.address}/log-in")
    press(page, "Logg inn med passnøkkel")

    expect(page.get_by_role("alert").filter(has_text="Nettleseren kan ikke bruke passnøkler")).to_be_visible()


def test_without_scripts_no_passkey_is_offered_and_all_else_works(site, opened):
    page = opened(java_script_enabled=False)
    expect(page.get_by_role("button", name="Legg til passnøkkel")).to_have_count(0)
    press(page, "Legg til app")
    phone = Phone(page.locator("code").inner_text())
    page.get_by_label("Kode fra appen").fill(phone.code(site.clock.now()))
    press(page, "Ta appen i bruk")

    expect(page.get_by_text("En autentiseringsapp er lagt til brukeren din.")).to_be_visible()
    page.goto(f"{site.address}/log-in")
    expect(page.get_by_role("button", name="Logg inn med passnøkkel")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_security_page_is_accessible_and_fits_in_every_state(site, opened, width):
    page = opened(width=width)
    plug_in(page)
    check_page(page)
    add_passkey(page, "Telefonen-som-har-et-svært-langt-navn-uten-blanke-i-seg")
    press(page, "Legg til app")
    check_page(page)
    page.get_by_label("Kode fra appen").fill("000000")
    press(page, "Ta appen i bruk")
    expect(page).to_have_title(re.compile("^Feil: "))
    check_page(page)
    press(page, "Lag nye koder")
    check_page(page)
    page.goto(f"{site.address}/log-in/codes-left")
    check_page(page)
    site.move(minutes=6)
    page.goto(site.address + SECURITY)
    check_page(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_second_step_is_accessible_and_fits_with_all_factors(site, opened, width):
    page = opened(width=width)
    plug_in(page)
    add_passkey(page)
    press(page, "Lag nye koder")
    page.goto(site.address + SECURITY)
    press(page, "Legg til app")
    page.get_by_label("Kode fra appen").fill(Phone(page.locator("code").inner_text()).code(site.clock.now()))
    press(page, "Ta appen i bruk")
    page.goto(f"{site.address}/log-in?return_to={SECURITY}")
    page.goto(f"{site.address}/fresh-code")
    check_page(page)
    press(page, "Neste")
    check_page(page)
    press(page, "Bruk koden fra appen")
    check_page(page)
    page.get_by_role("button", name="Send kode på SMS").click()
    check_page(page)
