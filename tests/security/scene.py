"""One service as it runs in production, with objects of several owners, that every party can be sent to."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from types import MappingProxyType
from urllib.parse import urlsplit

from itsdangerous import URLSafeTimedSerializer

from shared.testing.web import CSRF_FIELD, CSRF_SALT
from shared.web.context import kit_of
from shared.web.session_store import PRINCIPAL
from tests.security.parties import everybody, principal_of
from tests.security.table import MISSING, Heard, Thing

ADDRESS = "https://localhost"
RAW = "5a" * 20
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
MEMOS = frozenset({"web_session", "throttle_counter", "audit_log", "audit_head"})
FILES = {
    "GET /static/<path:filename>": [Thing(name="file", values={"filename": "app.css"})],
    "GET /api/docs/files/<path:filename>": [Thing(name="file", values={"filename": "swagger-ui.css"})],
}
JSON = ("/api/recipients", "/api/claims")
NO_METHOD, FORBIDDEN, LOG_IN, THROTTLED, FAILED = 405, 403, 401, 429, 500


class Scene:
    """The base of all scenes. A scene names its site, places, objects by parameter, and what is sent where."""

    places = None
    defaults = MappingProxyType({})
    bodies = MappingProxyType({})
    queries = MappingProxyType({})
    log_in_page = "/login"

    def __init__(self, site, app):
        self.site, self.app = site, app
        self.kit = kit_of(app)
        self.client = app.test_client(use_cookies=False)
        self.parties = everybody(self.places)
        self.objects = {**FILES, **self.things()}
        self._token = URLSafeTimedSerializer(app.secret_key, salt=CSRF_SALT).dumps(RAW)
        self._headers: dict[str, dict[str, str]] = {}
        for party in self.parties:
            self._headers[party.name] = self._proof(party)
        self._kept = [(_copy(path), path) for path in self.files()]

    def things(self) -> dict[str, list[Thing]]:
        """Objects by the parameter that names them, or by a route that wants others."""
        return {}

    def files(self):
        """The database files."""
        return [self.site.database.engine.url.database]

    def principal(self, party):
        """The party as its session knows it."""
        return principal_of(party, self.kit.clock.now())

    def session(self, party, principal):
        """What the service keeps in the session of a party."""
        return {}

    def token(self, party, name):
        """The access token of a program or user."""
        audience = "elsewhere" if party.name.startswith("token for another") else name
        more = {"exp": 1_000_000} if party.name == "token out of date" else {}
        if not party.word.startswith("service:"):
            return self.site.identity.access_token(audience, **more)
        return self.site.identity.service_token(audience, party.word.partition(":")[2])

    def few(self):
        """One party of each sort."""
        return list({party.word: party for party in reversed(self.parties)}.values())

    def let_in(self, line):
        """The first party that reaches an object of a route, with that object; None for a route that shuts all out."""
        cells = ((party, thing) for thing in self.named(line) for party in self.parties)
        return next((cell for cell in cells if line.expected(*cell) is Heard.LET_IN), None)

    def named(self, line) -> list[Thing | None]:
        """The objects to try at a route; one None for a route that names none."""
        if (route := f"{line.method} {line.path}") in self.objects:
            return list(self.objects[route])
        names = [name for name in PARAMETER.findall(line.path) if name in self.objects]
        return list(self.objects[names[-1]]) if names else [None]

    def shown(self, line, answer):
        """The objects that stand in a list, by name."""
        return frozenset(
            thing.name for thing in self.named(line) if thing.is_there and _mark(line, thing) in answer.text
        )

    def address(self, path, thing):
        """The path of a route with its parameters filled in."""
        values = {**self.defaults, **(thing.values if thing else {})}
        return PARAMETER.sub(lambda found: str(values[found[1]]), path)

    def ask(self, party, method, path, thing, **more):
        """Send one request with all that the party has; a full throttle is emptied first."""
        answer = self._send(party, method, path, thing, **more)
        if answer.status_code != THROTTLED:
            return answer
        self.restore()
        return self._send(party, method, path, thing, **more)

    def _send(self, party, method, path, thing, **more):
        values = self.bodies.get(f"{method} {path}", {}) | (thing.body if thing else {})
        content = {"json": values} if path.startswith(JSON) else {"data": values}
        given = {"query_string": self.queries.get(path), **(content if method == "POST" else {}), **more}
        headers = {**self._headers[party.name], "X-CSRFToken": self._token, "Referer": f"{ADDRESS}/"}
        return self.client.open(
            self.address(path, thing),
            method=method,
            base_url=ADDRESS,
            buffered=True,
            **{**given, "headers": {**headers, **given.get("headers", {})}},
        )

    def content(self):
        """All rows but those that every request may write: sessions, throttles and the access log."""
        found = {}
        for path in self.files():
            with sqlite3.connect(path) as live:
                names = [row[0] for row in live.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
                found |= {name: live.execute(f'SELECT * FROM "{name}"').fetchall() for name in set(names) - MEMOS}
            live.close()
        return found

    def restore(self):
        """Put everything back as it was."""
        for kept, path in self._kept:
            with sqlite3.connect(path) as live:
                kept.backup(live)
            live.close()

    def close(self):
        """Let go of the databases."""
        self.site.database.engine.dispose()
        for kept, _ in self._kept:
            kept.close()

    def heard(self, line, answer) -> Heard:
        """What the party hears."""
        status, place = answer.status_code, answer.headers.get("Location", "")
        if line.statuses:
            return Heard.LET_IN if status in line.statuses else Heard.FAILED
        if status == line.absent or status >= FAILED:
            return Heard.NOT_THERE if status == line.absent else Heard.FAILED
        if line.is_open and status not in {FORBIDDEN, LOG_IN, NO_METHOD}:
            return Heard.LET_IN
        if "step_up=1" in (place or (answer.text if status == FORBIDDEN else "")):
            return Heard.FRESH_LOG_IN
        refused = {LOG_IN: Heard.LOG_IN, FORBIDDEN: Heard.FORBIDDEN, NO_METHOD: Heard.NO_METHOD}
        return Heard.LOG_IN if urlsplit(place).path == self.log_in_page else refused.get(status, Heard.LET_IN)

    def _proof(self, party):
        if party.has_token:
            return {"Authorization": f"Bearer {self.token(party, self.kit.name)}"}
        if party.name == "nobody":
            return {}
        if party.name.startswith("a patient who"):
            return self._visited()
        principal = self.principal(party)
        kept = {PRINCIPAL: principal.to_json(), **self.session(party, principal)} if principal else {}
        return self.cookie({**kept, CSRF_FIELD: RAW})

    def cookie(self, content):
        """The header of a session with this content."""
        return {"Cookie": f"{self.app.session_interface.cookie_name}={self.kit.sessions.start(content)}"}

    def _visited(self):
        """A browser that has been at the front page or a link, and nowhere else."""
        browser = self.app.test_client()
        browser.get(self.address(self.front, self.objects.get("token", [None])[0]), base_url=ADDRESS, buffered=True)
        cookie = browser.get_cookie(self.app.session_interface.cookie_name)
        return {"Cookie": f"{cookie.key}={cookie.value}"} if cookie else {}

    front = "/"


def secured(settings):
    """The settings as in production, as far as answers to browsers are concerned."""
    return replace(settings, cookie_secure=True)


def missing(name, value):
    """An object that never was."""
    return Thing(name=MISSING, values={name: value}, is_there=False)


def _mark(line, thing):
    """What a link to the object holds."""
    value = str(thing.values[PARAMETER.findall(line.path)[-1]])
    return f'/{value}"' if value.isdecimal() else value


def _copy(path):
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with sqlite3.connect(path) as live:
        live.backup(kept)
    live.close()
    return kept
