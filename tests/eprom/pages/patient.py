"""A patient with a browser: logs in at the stand-in of ID-porten, or is already logged in."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from shared.testing.web import a_citizen, make_client, sign_in
from tests.eprom.site import HOME, KARI
from tests.outside import STANDINS


def patient(site, pid=KARI):
    """A browser in which the person has logged in."""
    browser = make_client(site.app)
    sign_in(browser, a_citizen(), pid=pid)
    return browser


def answer(browser, order_id, path, value, act="next", **more):
    """Press a button under a question."""
    fields = {"_shown": path, path: value, "act": act, **more}
    return browser.send_form(f"/form/{order_id}/question/{path}", fields)


def log_in(site, browser, page, number):
    """Go to a page, log in on the way, and return what the service answers to the way back."""
    login = browser.get(browser.get(page).headers["Location"])
    return log_in_at(site, browser, login.headers["Location"], number)


def log_in_at(site, browser, address, number):
    """Log in at ID-porten, where the service has sent the browser."""
    there = site.standins.test_client()
    form = there.get(address.removeprefix(STANDINS)).headers["Location"]
    (code,) = set(re.findall(r"\b\d{6}\b", there.post(form, data={"pid": number}).text))
    back = there.post(form, data={"code": code}).headers["Location"]
    assert back.startswith(f"{HOME}/callback?")
    return browser.get("/callback", query_string=dict(parse_qsl(urlsplit(back).query)))


def use_link(site, browser, order_id, way="idporten"):
    """Press a button of the page behind the link in a message."""
    return browser.send_form("/s", {"token": site.token(order_id), "way": way})


def sent_code(site):
    """The digits in the newest SMS."""
    return re.search(r"(?<!\d)\d{6}(?!\d)", site.inbox(channel="sms")[0]["text"])[0]


def enter_code(browser, code):
    """Type a code on the page that asks for it."""
    return browser.send_form("/code", {"code": code})
