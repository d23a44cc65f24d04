"""Registration for benchmarks: the real web app on PostgreSQL, asked without a socket, its CPU time taken."""

from __future__ import annotations

import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder

from deploy.migrate import upgrade
from shared.testing.web import csrf_token
from tests.registration.site import HOME, Site

COOKIE = "registration_session"
FORM = "application/x-www-form-urlencoded"


@contextmanager
def open_site(bench, name):
    """The whole web app with empty databases, made by the real migrations."""
    urls = {kind: bench.postgresql.create(f"{name}_{kind}") for kind in ("registration", "persons")}
    for kind, url in urls.items():
        upgrade(kind, url)
    folder = bench.folder / name
    folder.mkdir()
    site = Site(folder, urls["registration"], urls["persons"])
    try:
        yield site
    finally:
        site.close()


@dataclass(frozen=True)
class Taken:
    """What one request took: seconds of CPU and of the clock."""

    cpu: float
    seconds: float
    status: str
    body: bytes


def ask(app, environ):
    """One request, timed from the server's call of the app to the last byte."""
    told = []
    began = time.perf_counter(), time.process_time()
    answer = app(environ, lambda status, headers, error=None: told.append(status))
    body = b"".join(answer)
    answer.close()
    return Taken(time.process_time() - began[1], time.perf_counter() - began[0], told[0], body)


class Visit:
    """A logged-in user's requests to a site, ready to be sent."""

    def __init__(self, site, **user):
        browser = site.browser(**user)
        self.csrf = csrf_token(browser)
        self.app = site.app
        self._headers = {"Cookie": f"{COOKIE}={browser.get_cookie(COOKIE).value}", "Origin": HOME}

    def get(self, path):
        """Ask for a page."""
        return self._ask(EnvironBuilder(path=path, base_url=HOME, headers=self._headers), "200")

    def post(self, path, fields):
        """Send a form that is taken."""
        return self._ask(self._form(path, fields, self._headers), "303")

    def htmx(self, path, fields):
        """Send a form to have a part of its page drawn anew."""
        headers = {**self._headers, "HX-Request": "true", "X-CSRFToken": self.csrf}
        return self._ask(self._form(path, fields, headers), "200")

    def _form(self, path, fields, headers):
        data = urlencode([*fields, ("csrf_token", self.csrf)])
        return EnvironBuilder(path=path, method="POST", data=data, content_type=FORM, base_url=HOME, headers=headers)

    def _ask(self, builder, expected):
        taken = ask(self.app, builder.get_environ())
        if not taken.status.startswith(expected):
            raise RuntimeError(f"{builder.path}: {taken.status}")
        return taken


def in_turn(first, second, pairs):
    """Medians of the CPU seconds of two kinds of request, asked in turn."""
    taken = [(first().cpu, second().cpu) for _ in range(pairs)]
    return tuple(statistics.median(values) for values in zip(*taken, strict=True))
