"""The front page, and the log-in through identity."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest

from shared.auth.principal import Role
from shared.forms.catalogue import registries
from shared.testing.html import read_html
from tests.registration.site import HUS, IDENTITY


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize(("language", "title"), [("nb", "Registrering"), ("en", "Registration")])
def test_the_front_page_shows_the_way_in(site, language, title):
    shown = site.visitor().get("/", headers={"Accept-Language": language})

    assert shown.status_code == 200
    assert f"<title>{title}" in shown.text


@pytest.mark.req("IDN-09")
def test_a_user_comes_in_through_identity(both):
    browser = both.visitor()
    sent = browser.get("/login?return_to=/")
    assert sent.location.startswith(f"{IDENTITY}/authorize?")

    claims = {"sub": "7", "kind": "user", "role": "LU", "registry": "smertereg", "organisation": HUS, "name": "Kari"}
    answer = both.identity.log_in(sent.location, claims)
    back = browser.get("/callback", query_string=answer)

    assert (back.status_code, urlsplit(back.location).path) == (303, "/")
    assert dict(parse_qsl(urlsplit(sent.location).query))["client_id"] == "registration"


@pytest.mark.req("IDN-06")
def test_every_page_says_where_one_works_and_leads_to_other_roles(site):
    shown = site.browser().get("/search").text

    assert "Haukeland universitetssjukehus" in shown
    assert f'href="{IDENTITY}/"' in shown


@pytest.mark.req("GEN-01", "IDN-07")
@pytest.mark.parametrize("role", [Role.LU, Role.LC, Role.SC])
@pytest.mark.parametrize("key", registries())
def test_whatever_the_menu_offers_can_be_opened(site, key, role):
    browser = site.browser(role, None if role is Role.SC else HUS, registry=key)
    (menu,) = read_html(browser.get("/work-list").text).iter("nav")
    offered = [link.get("href") for link in menu.iter("a") if link.get("href").startswith("/")]

    assert len(offered) >= 3
    assert {path: browser.get(path).status_code for path in offered} == dict.fromkeys(offered, 200)
