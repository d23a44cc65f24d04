"""Identity with HelseID and ID-porten behind it, as the stand-ins play them; what they sign can be bent on its way."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from deploy.standins.parts import EXTENSION
from services.identity.domain.roles import RoleCode
from shared.scheduling.clock import FixedClock
from shared.testing.wsgi_http import wsgi_http
from tests.identity.site import ISSUER, Site, fields, query
from tests.identity.world import HERE, NOW, THERE
from tests.outside import STANDINS, lay_keys, standins_at

MORE = {
    "IDENTITY_UPSTREAMS": "helseid idporten",
    "HELSEID_ISSUER": f"{STANDINS}/helseid",
    "IDPORTEN_ISSUER": f"{STANDINS}/idporten",
}
BUTTON, LINK, REMOVE = "/log-in/upstream", "/my-page/upstream/link", "/my-page/upstream/remove"


class Upstreams:
    """The providers, the site before them, one user with an account here and there."""

    def __init__(self, folder, database_url):
        clock = FixedClock(NOW)
        keys = lay_keys(folder / "keys")
        self.standins = standins_at(folder, keys, clock, services={"identity": ISSUER})
        self.parts = self.standins.extensions[EXTENSION]
        self.claims, self.answer, self.is_down, self.subjects = {}, {}, False, []
        self.site = Site(folder, database_url, clock=clock, more=MORE, http=wsgi_http({STANDINS: self._bent}))
        self.user_id = self.site.add("kari", (HERE, RoleCode.LU), (THERE, RoleCode.LC))
        people = [person for person in self.parts.people.all() if not person.died_on]
        self.person, self.other = people[0], people[1]

    def begin(self, browser, name):
        """Press the provider's button on the log-in page; returns the address the browser is sent to."""
        page = browser.get("/log-in")
        forms = re.findall(r'name="flow" value="([^"]*)"', page.text)
        answer = browser.post(BUTTON, data={**fields(page, BUTTON), "flow": forms[0], "upstream": name})
        assert answer.status_code == 303, answer.text
        return answer.location

    def come_back(self, address, person=None):
        """Log in at the provider; returns the path and query by which the browser comes back."""
        number, visitor = (person or self.person).number, self.standins.test_client()
        at = visitor.get(address.removeprefix(STANDINS)).location
        if "/idporten/" in at:
            (code,) = set(re.findall(r"\b\d{6}\b", visitor.post(at, data={"pid": number}).text))
            back = visitor.post(at, data={"code": code}).location
        else:
            back = visitor.post(urlsplit(at).path, data={"pid": number}).location
        assert back.startswith(f"{ISSUER}/callback?"), back
        return back.removeprefix(ISSUER)

    def log_in(self, browser, name, person=None):
        """There and back; returns identity's answer."""
        return browser.get(self.come_back(self.begin(browser, name), person))

    def linked(self, name, user_name="kari", person=None):
        """A browser of a user who has logged in at the provider, then here, and has linked both."""
        browser = self.site.browser()
        page = self.log_in(browser, name, person)
        self.typed(browser, user_name, page.location)
        shown = browser.get("/my-page/upstream")
        answer = browser.post(LINK, data=fields(shown, LINK))
        return browser, answer

    def typed(self, browser, user_name, page):
        """Password, code and the choice of a role, from the page on."""
        answer = self.site.type_in(browser, user_name, page=page)
        overview = browser.get(answer.location)
        return browser.post("/projects", data=fields(overview, "/projects"))

    def user_of(self, browser):
        """The user logged in in a browser, by the name on "Min side"; None if nobody is."""
        answer = browser.get("/my-page")
        return re.search(r"<dd>(kari|ola)</dd>", answer.text).group(1) if answer.status_code == 200 else None

    def _bent(self, environ, start):
        """The stand-ins, but what they sign is changed by `claims`, and their token answer by `answer`."""
        if self.is_down:
            start("503 Away", [("Content-Type", "text/plain")])
            return [b""]
        if not environ["PATH_INFO"].endswith("/token"):
            return self.standins(environ, start)
        heard = []
        body = b"".join(self.standins(environ, lambda status, headers, *_: heard.append((status, headers))))
        told = json.loads(body)
        if "id_token" in told:
            signed = self.parts.signing.read(told["id_token"])
            self.subjects.append(signed["sub"])
            claims = {**signed, **self.claims}
            claims = {name: value for name, value in claims.items() if value is not None}
            told = {**told, "id_token": self.parts.signing.token(claims), **self.answer}
        body = json.dumps(told).encode()
        status, headers = heard[0]
        start(status, [(n, v) for n, v in headers if n != "Content-Length"] + [("Content-Length", str(len(body)))])
        return [body]


__all__ = ["BUTTON", "LINK", "MORE", "REMOVE", "STANDINS", "Upstreams", "query"]
