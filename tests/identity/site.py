"""Identity as a whole web app for tests: real key files, real texts, a clock that stands still."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from services.identity.app import build, create_app
from services.identity.settings import Settings
from services.identity.usecases.import_organisations import import_organisations
from shared.scheduling.clock import FixedClock
from shared.testing.html import find, form_values, read_html
from shared.testing.laid_tables import lay_tables
from shared.testing.web import make_client
from tests.identity.world import METADATA, NOW, PASSWORD, UNITS, Identity

ISSUER = "http://localhost:8001"
URLS = {
    "registration": "http://localhost:8002",
    "eprom": "http://localhost:8003",
    "reservation": "http://localhost:8004",
    "release": "http://localhost:8005",
}


def environment(folder, database_url, issuer=ISSUER):
    """A complete environment."""
    return {
        "IDENTITY_DATABASE_URL": database_url,
        "BUS_URL": f"sqlitebus:///{folder}/bus.sqlite",
        "IDENTITY_ISSUER": issuer,
        "PUBLIC_URL_IDENTITY": issuer,
        **{f"PUBLIC_URL_{name.upper()}": url for name, url in URLS.items()},
        "KEYS_DIR": str(folder / "keys"),
        "SMS_URL": "http://localhost:8009/sms",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": "2525",
        "PROFILE": "embedded",
        "COOKIE_SECURE": "0",
        "IDENTITY_HASH_COST": "1,8,1",
    }


class Site(Identity):
    """The web app, and everything behind it for a look inside."""

    def __init__(self, folder, database_url, *, issuer=ISSUER, clock=None, more=None, http=None):
        self.clock = clock or FixedClock(NOW)
        self.settings = Settings.from_env({**environment(folder, database_url, issuer), **(more or {})})
        self.parts = build(self.settings, self.clock, http=http)
        means = self.parts.means
        self.database, self.uow, self.seals = means.database, means.uow, means.seals
        self.messages, self.hasher, self.strength = means.messages, means.hasher, means.strength
        lay_tables(self.database.engine, METADATA)
        import_organisations("smertereg", UNITS, participants=[10, 20], uow=self.uow)
        self.app = create_app(self.settings, self.parts)

    def browser(self):
        """A browser that refuses careless answers."""
        return make_client(self.app)

    def first_password(self):
        """The password in the newest SMS."""
        return re.search(r"Førstepassord: (\S+)", self.sent("sms")[-1][1]).group(1)

    def type_in(self, browser, user_name, password=PASSWORD, *, page="/log-in"):
        """Both halves of a log-in in the browser, from the form on `page`; returns the last answer."""
        shown = browser.get(page, follow_redirects=True)
        answer = browser.post("/log-in", data={**fields(shown), "user_name": user_name, "password": password})
        if answer.status_code != 303:
            return answer
        code = browser.get(answer.location)
        return browser.post("/log-in/code", data={**fields(code), "code": self.code()})

    def logged_in(self, user_name, *, number=0):
        """A browser in which the user has logged in and chosen a role."""
        browser = self.browser()
        answer = self.type_in(browser, user_name)
        choose(browser, browser.get(answer.location), number=number)
        return browser


def choose(browser, overview, *, number=0):
    """Press one of the buttons of the project overview."""
    forms = [form for form in read_html(overview.text).iter("form") if form.get("action", "").endswith("/projects")]
    return browser.post("/projects", data=form_values(forms[number]))


def fields(page, action=None):
    """What a browser would send for the first form of a page, or the one with this action."""
    forms = [form for form in read_html(page.text).iter("form") if action in {None, form.get("action")}]
    return {name: values[0] for name, values in form_values(forms[0]).items()}


def query(address):
    """The query of an address, one value a name."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


__all__ = ["ISSUER", "URLS", "Site", "choose", "environment", "fields", "find", "query"]
