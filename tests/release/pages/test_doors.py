"""The ways in: applicants by ID-porten, users by identity."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest

from services.release.settings import Settings
from shared.environment import SettingsError
from shared.testing.html import read_html, words
from tests.outside import STANDINS
from tests.release.site import IDENTITY, environment

RESEARCHER = "09897949870"


def log_in_at_idporten(site, address, number):
    """Type number and code at the stand-in; returns the way back."""
    browser = site.standins.test_client()
    login = browser.get(address.removeprefix(STANDINS)).headers["Location"]
    (code,) = set(re.findall(r"\b\d{6}\b", browser.post(login, data={"pid": number}).text))
    back = browser.post(login, data={"code": code}).headers["Location"]
    return dict(parse_qsl(urlsplit(back).query))


@pytest.mark.req("REL-07", "GEN-04")
def test_an_applicant_comes_in_by_idporten(site):
    browser = site.browser()
    asked = browser.get("/login?door=applicant").headers["Location"]
    fields = log_in_at_idporten(site, asked, RESEARCHER)
    answer = browser.get("/callback", query_string=fields)

    assert answer.status_code == 303
    assert RESEARCHER not in answer.text


def test_staff_are_sent_to_identity(site):
    assert site.browser().get("/login?door=user").headers["Location"].startswith(f"{IDENTITY}/authorize?")


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize(("language", "title"), [("nb", "Søke om data"), ("nn", "Søkje om data"), ("en", "Apply")])
def test_the_front_page_speaks_three_languages(site, language, title):
    page = site.browser().get("/", headers={"Accept-Language": language})

    assert title in words(read_html(page.text))


def test_missing_settings_are_named(tmp_path):
    env = environment(tmp_path, "sqlite://")
    with pytest.raises(SettingsError, match="FILES_DIR"):
        Settings.from_env({**env, "FILES_DIR": ""})


def test_plain_http_is_for_one_machine_only(tmp_path):
    env = environment(tmp_path, "sqlite://") | {"PUBLIC_URL_RELEASE": "http://release.example.no"}
    with pytest.raises(SettingsError, match="COOKIE_SECURE"):
        Settings.from_env(env)
    with pytest.raises(SettingsError, match="PUBLIC_URL_RELEASE"):
        Settings.from_env(env | {"COOKIE_SECURE": "1"})
