"""Own account, forgotten password and lost phone in Chromium: accessible and fitting."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from services.identity.domain.roles import RoleCode
from services.identity.worker import jobs
from shared.testing.browser import check_page, served, take_over
from tests.identity.site import Site
from tests.identity.world import HERE

pytestmark = [pytest.mark.browser, pytest.mark.req("OPS-07")]
WIDTHS = pytest.mark.parametrize("width", [320, 1280])
NEW = "Grønn-elg-88-danser"
LONG = "Oda-Elisabeth Nordmann-Fjeldstad av Østre Smerteklinikk"


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, f"sqlite:///{tmp_path}/site.sqlite")
    made.add("lise", (HERE, RoleCode.LC))
    made.add("liv", (HERE, RoleCode.LC))
    made.user_id = made.add("ola", (HERE, RoleCode.LU))
    with served(made.app) as made.address:
        yield made
    made.database.engine.dispose()


@pytest.fixture
def opened(site, new_page):
    """Open a page, as somebody or as nobody."""

    def opened(path, width, *, user_name=None):
        page = new_page(width=width, statuses=(404, 422))
        if user_name:
            take_over(site.logged_in(user_name), site.app.session_interface.cookie_name, page, site.address)
        page.goto(site.address + path)
        return page

    return opened


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def mailed_link(site):
    for given in site.jobs("send_link"):
        jobs(site.settings, site.parts)["send_link"](given)
    return urlsplit(re.search(r"http\S+/new-password/\S+", site.sent("email")[-1][1]).group(0)).path


@WIDTHS
@pytest.mark.req("IDN-16")
def test_a_forgotten_password_is_replaced(site, opened, width):
    page = opened("/forgotten-password", width)
    check_page(page)
    page.get_by_label("Brukernavn").fill("ola")
    press(page, "Send lenke")
    check_page(page)
    path = mailed_link(site)
    page.goto(site.address + path)
    check_page(page)
    press(page, "Send kode")
    check_page(page)
    page.get_by_label("Engangskode").fill(site.code())
    press(page, "Neste")
    press(page, "Oppdater")
    check_page(page)
    for label in ("Nytt passord", "Gjenta nytt passord"):
        page.get_by_label(label, exact=True).fill(NEW)
    press(page, "Oppdater")
    expect(page.get_by_role("heading", name="Passordet er byttet")).to_be_visible()
    check_page(page)
    page.goto(site.address + path)
    check_page(page)


@WIDTHS
@pytest.mark.req("IDN-15")
def test_a_new_number_is_proven(site, opened, width):
    page = opened("/my-page", width, user_name="ola")
    check_page(page)
    page.get_by_role("link", name="Mine opplysninger").click()
    check_page(page)
    page.get_by_role("link", name="Bytt mobil eller e-post").click()
    press(page, "Send kode til det nye mobilnummeret")
    check_page(page)
    page.get_by_label("Nytt mobilnummer").fill("400 00 002")
    press(page, "Send kode til det nye mobilnummeret")
    check_page(page)
    page.get_by_label("Engangskode").fill(site.code())
    press(page, "Neste")
    expect(page.get_by_text("Mobilnummeret er byttet")).to_be_visible()
    check_page(page)


@WIDTHS
@pytest.mark.req("IDN-08", "IDN-15")
def test_own_log_ins_are_ended_one_by_one(site, opened, width):
    for _ in range(2):
        site.logged_in("ola")
    page = opened("/my-page/log-ins", width, user_name="ola")
    check_page(page)
    page.get_by_role("button", name=re.compile("^Avslutt Ukjent nettleser")).first.click()
    expect(page.get_by_text("Innloggingen er avsluttet i alle tjenester.")).to_be_visible()
    check_page(page)
    press(page, "Avslutt alle andre")
    expect(page.get_by_text("Alle andre innlogginger er avsluttet")).to_be_visible()


@WIDTHS
@pytest.mark.req("IDN-16")
def test_a_lost_phone_is_replaced_by_two(site, opened, width):
    page = opened(f"/users/{site.user_id}", width, user_name="lise")
    page.get_by_role("link", name="Mistet telefon").click()
    press(page, "Send til bekreftelse")
    check_page(page)
    page.get_by_label(re.compile("^Nytt mobilnummer")).fill("400 00 003")
    page.get_by_label(re.compile("^Gjenta nytt mobilnummer")).fill("400 00 003")
    page.get_by_label("Møtte opp med legitimasjon").check()
    page.get_by_label(re.compile("^Grunn")).fill(LONG * 3)
    press(page, "Send til bekreftelse")
    check_page(page)
    page.get_by_role("link", name="Ola").click()
    check_page(page)
    other = opened("/applications", width, user_name="liv")
    other.get_by_role("link", name="Ola").click()
    press(other, "Avslå")
    check_page(other)
    press(other, "Bekreft nytt nummer")
    expect(other.get_by_text("Mobilnummeret er byttet")).to_be_visible()
