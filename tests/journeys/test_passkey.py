"""A clinician adds a passkey, and needs neither password nor telephone from then on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shared.testing.browser import check_page, plug_in, press
from tests.journeys.conftest import EMBEDDED
from tests.journeys.forms import register
from tests.journeys.walker import Walker, user_named

pytestmark = [pytest.mark.journey, pytest.mark.browser]
NORA, NAME = "30908249638", "Vinterdal"
USER = user_named("tora.lege")


def add_passkey(page, walker):
    """From her own page to a passkey in the device at hand, and out again."""
    walker.log_in(page, USER.user_name, "identity", "/my-page")
    page.click("main >> text=Sikkerhet")
    page.fill("#name", "Kontormaskinen")
    press(page, "Legg til passnøkkel")
    expect(page.get_by_text("En passnøkkel er lagt til brukeren din.")).to_be_visible()
    check_page(page)
    press(page, "Logg ut")
    expect(page).to_have_title(re.compile("Du er logget ut"))


def log_in_by_passkey(page, walker):
    """Another service asks who she is, and the device tells."""
    page.goto(walker.at("registration", "/registrations/new"))
    press(page, "Logg inn med passnøkkel")
    page.click("main form:has([name=role_id]) button >> nth=0")
    page.wait_for_url(re.compile("/registrations/new$"))
    expect(page.locator("header")).to_contain_text(USER.full_name)


def prove_it_is_her(page, walker):
    """Six minutes later a delicate page asks once more, and the device is enough."""
    walker.move_clock_to(walker.now() + timedelta(minutes=4))
    page.goto(walker.at("identity", "/my-page/contact"))
    expect(page.get_by_role("heading", name="Bekreft at det er deg")).to_be_visible()
    press(page, "Neste")
    press(page, "Bruk passnøkkel")
    page.wait_for_url(re.compile("/my-page/contact$"))
    expect(page.locator("main [name=mobile]")).to_be_visible()


# In production the clock cannot be moved.
@pytest.mark.req("IDN-13")
@pytest.mark.parametrize("suite", [EMBEDDED], indirect=True)
def test_a_passkey_alone_opens_the_registry_and_delicate_pages(suite, new_page):
    walker, page = Walker(suite), new_page()
    plug_in(page)
    add_passkey(page, walker)
    seen = len(walker.inbox(channel="sms", to=USER.mobile))
    log_in_by_passkey(page, walker)
    register(page, walker, NORA, NAME)
    prove_it_is_her(page, walker)
    assert len(walker.inbox(channel="sms", to=USER.mobile)) == seen
