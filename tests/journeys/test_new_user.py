"""A clinician becomes a user in Chromium: applies, is approved, logs in for the first time and begins to work."""

from __future__ import annotations

import re

import pytest

from shared.testing.browser import check_page
from tests.journeys.answers import OWN_PASSWORD, PLACE
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.journey, pytest.mark.browser]
NAME, USER_NAME, MOBILE = "Berit Lunde", "berit.lunde", "+4740000201"


def choose(page, field, choice):
    """Choose from a list and wait until the lists that depend on it have been drawn anew."""
    page.evaluate("document.querySelector('#lists').dataset.drawn = 'before'")
    page.select_option(f"[name={field}]", label=choice)
    page.wait_for_selector("#lists:not([data-drawn])")
    assert page.locator(f"[name={field}] option:checked").inner_text() == choice


def apply_for_user(page, walker):
    """The sign-up page: refused while empty, then filled in, each list narrowing the next."""
    page.goto(walker.at("identity", "/new-user"))
    page.click("text=Send skjema")
    page.wait_for_selector("[name=user_name][aria-invalid=true]")
    check_page(page)
    fields = {"user_name": USER_NAME, "full_name": NAME, "mobile": MOBILE, "email": "berit.lunde@sykehus.example"}
    for field, value in fields.items():
        page.fill(f"[name={field}]", value)
    for field, choice in PLACE.items():
        choose(page, field, choice)
    page.click("text=Send skjema")
    page.wait_for_url(re.compile("/thanks$"))
    check_page(page)


def approve(page, walker):
    """The coordinator of the hospital applied for finds the application and gives the role."""
    walker.log_in(page, "kjell.koordinator", "identity", "/applications")
    page.click(f"main a:has-text('{NAME}')")
    check_page(page)
    page.check("[name=role][value=LU]")
    page.click("main button:has-text('Godkjenn')")
    page.wait_for_selector("main [role=status], main .ds-alert")
    assert NAME not in page.inner_text("main")


def first_password(walker):
    """The password that the new user finds in the SMS."""
    sent = walker.wait_for(lambda: walker.inbox(channel="sms", to=MOBILE))[0]["text"]
    return re.search(r"Førstepassord: (\S+)", sent).group(1)


def log_in_first(page, walker, secret):
    """Password from the SMS, code, own password, and the choice of registry, organisation and role."""
    page.goto(walker.at("registration", "/registrations/new"))
    seen = len(walker.inbox(channel="sms", to=MOBILE))
    walker.type_password(page, USER_NAME, secret)
    walker.type_code(page, MOBILE, seen)
    page.wait_for_selector("[name=new_password]")
    check_page(page)
    page.fill("[name=old_password]", secret)
    page.fill("[name=new_password]", OWN_PASSWORD)
    page.fill("[name=new_password_again]", OWN_PASSWORD)
    page.click("main form:has([name=new_password]) button[type=submit]")
    page.wait_for_selector("[name=role_id]", state="attached")
    assert PLACE["registry"] in page.inner_text("main")
    page.click("main form:has([name=role_id]) button >> nth=0")


@pytest.mark.req("IDN-02")
def test_a_choice_made_while_the_lists_are_fetched_is_kept(suite, new_page):
    page, held = new_page(), []
    page.goto(Walker(suite).at("identity", "/new-user"))
    page.route("**/new-user", lambda route: held.append(route) if not held else route.continue_())
    page.select_option("[name=region]", label=PLACE["region"])
    page.select_option("[name=position]", label=PLACE["position"])
    page.wait_for_selector(f"[name=organisation] option:has-text('{PLACE['organisation']}')", state="attached")
    chosen = [page.locator(f"[name={field}] option:checked").inner_text() for field in ("region", "position")]
    assert chosen == [PLACE["region"], PLACE["position"]]


@pytest.mark.req("IDN-01", "IDN-02", "IDN-03", "IDN-04", "IDN-05", "IDN-06")
def test_who_applies_is_approved_and_begins_to_work(suite, new_page):
    walker, applicant = Walker(suite), new_page()
    apply_for_user(applicant, walker)
    assert walker.inbox(channel="sms", to=MOBILE) == []
    approve(new_page(), walker)
    log_in_first(applicant, walker, first_password(walker))
    applicant.wait_for_url(re.compile("/registrations/new$"))
    assert NAME in applicant.inner_text("header")
    check_page(applicant)
    applicant.click("header >> text=Prosjektoversikt")
    applicant.wait_for_selector("main >> text=valgt nå")
