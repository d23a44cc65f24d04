"""The doors against the stand-in of ID-porten, which knows nothing of our own test provider."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from deploy.standins.app import create_app
from deploy.standins.client_keys import ensure_client_keys
from deploy.standins.parts import EXTENSION
from deploy.standins.settings import StandinSettings
from shared.auth.credentials import client_key, web_secret
from shared.auth.policy import Policy
from shared.auth.principal import Kind
from shared.auth.provider import Provider
from shared.testing.web import make_client, sign_out
from shared.testing.wsgi_http import wsgi_http
from shared.web.app import make_app
from shared.web.doors import idporten_door
from shared.web.settings import WebSettings
from shared.web.sign_in import SignIn
from tests.shared.web.kit import the_pages, the_policy

STANDINS, HOME = "http://standins.test", "http://localhost"
ISSUER = f"{STANDINS}/idporten"


class Citizens:
    """A service that only citizens use, and the stand-in beside it."""

    def __init__(self, lite, folder):
        ensure_client_keys(folder)
        facts = {"database": folder / "s.sqlite", "url": STANDINS, "keys": folder, "persons": 20}
        self.standins = create_app(StandinSettings(**facts, services={"eprom": HOME}), clock=lite.clock)
        self.browser = self.standins.test_client()
        provider = Provider(ISSUER, http=wsgi_http({STANDINS: self.standins}))
        key = client_key(folder, "eprom")
        door = idporten_door(
            Kind.CITIZEN, provider, client_id="eprom", private_key=key, public_url=HOME, clock=lite.clock
        )
        self.app = make_app(
            "eprom",
            settings=WebSettings(secret_key=web_secret(folder, "eprom"), cookie_secure=False),
            policy=Policy([line for line in the_policy().lines if line.endpoint.startswith("pages.")]),
            database=lite.database,
            clock=lite.clock,
            blueprints=[the_pages()],
            sign_in=SignIn(door),
        )
        self.client = make_client(self.app)

    def asked(self):
        """Ask for a page and return the path at the provider to which the browser is sent."""
        login = self.client.get(self.client.get("/mine").headers["Location"])
        assert login.headers["Location"].startswith(f"{ISSUER}/authorize?")
        return login.headers["Location"].removeprefix(STANDINS)

    def log_in(self, address, number):
        """Type number and code at the provider, unless it knows the browser; return the way back."""
        answer = self.browser.get(address)
        if "/idporten/login/" in answer.headers["Location"]:
            page = answer.headers["Location"]
            (code,) = set(re.findall(r"\b\d{6}\b", self.browser.post(page, data={"pid": number}).text))
            answer = self.browser.post(page, data={"code": code})
        assert answer.headers["Location"].startswith(f"{HOME}/callback?")
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def come_back(self, fields):
        return self.client.get("/callback", query_string=fields)


@pytest.fixture
def citizens(lite, tmp_path):
    return Citizens(lite, tmp_path / "keys")


@pytest.fixture
def number(citizens):
    return citizens.standins.extensions[EXTENSION].people.all()[0].number


@pytest.mark.req("IDN-10")
def test_a_citizen_logs_in_at_the_highest_level(citizens, number):
    answer = citizens.come_back(citizens.log_in(citizens.asked(), number))

    assert answer.headers["Location"] == "/mine"
    assert "citizen:" in citizens.client.get("/mine").text


@pytest.mark.req("IDN-10", "GEN-04")
def test_the_session_holds_no_national_number(citizens, number):
    citizens.come_back(citizens.log_in(citizens.asked(), number))

    stored = citizens.app.extensions["kit"].sessions.find(citizens.client.get_cookie("eprom_session").value)
    assert number not in str(stored)
    assert "id_token" not in stored.content


@pytest.mark.req("IDN-10")
def test_an_answer_counts_once_there_and_here(citizens, number):
    fields = citizens.log_in(citizens.asked(), number)
    citizens.come_back(fields)

    assert citizens.come_back(fields).status_code == 403
    sign_out(citizens.client)
    again = citizens.log_in(citizens.asked(), number)
    assert citizens.come_back({**again, "code": fields["code"]}).status_code == 403


@pytest.mark.req("IDN-10")
def test_a_citizen_who_stops_is_told_so(citizens):
    page = citizens.browser.get(citizens.asked()).headers["Location"]
    back = citizens.browser.post(page, data={"cancel": "1"}).headers["Location"]

    answer = citizens.come_back(dict(parse_qsl(urlsplit(back).query)))

    assert "Innloggingen ble avbrutt" in answer.text


@pytest.mark.req("IDN-10", "IDN-13")
def test_a_fresh_log_in_is_asked_for_and_given(lite, citizens, number):
    citizens.come_back(citizens.log_in(citizens.asked(), number))
    lite.clock.move(timedelta(minutes=6))
    address = citizens.client.get("/login?door=citizen&step_up=1").headers["Location"].removeprefix(STANDINS)

    citizens.come_back(citizens.log_in(address, number))

    stored = citizens.app.extensions["kit"].sessions.find(citizens.client.get_cookie("eprom_session").value)
    assert stored.content["principal"]["authenticated_at"] == lite.clock.now().isoformat()


@pytest.mark.req("IDN-10")
def test_log_out_ends_it_there_and_here(citizens, number):
    citizens.come_back(citizens.log_in(citizens.asked(), number))

    there = citizens.client.send_form("/logout").headers["Location"]
    told = citizens.browser.get(there.removeprefix(STANDINS))

    assert f"{HOME}/frontchannel-logout?" in told.text
    assert citizens.client.get("/mine").status_code == 302
    assert "/idporten/login/" in citizens.browser.get(citizens.asked()).headers["Location"]
