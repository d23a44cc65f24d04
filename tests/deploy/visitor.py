"""Somebody at a browser without scripts, over real HTTP."""

from __future__ import annotations

import re
import time
from urllib.parse import urljoin

import requests

from deploy.demo.users import PASSWORD
from shared.testing.html import form_values, read_html, words

WAIT_SECONDS, READY_SECONDS = 20, 60


class Visitor:
    """A browser session at a running suite."""

    def __init__(self, url):
        self.url, self.session = url, requests.Session()

    def get(self, path):
        return self.session.get(urljoin(self.url, path), timeout=30)

    def is_up(self, path):
        """Whether there is an answer at all, and a good one."""
        try:
            return self.get(path).ok
        except requests.ConnectionError:
            return False

    def await_ready(self, path):
        """The demo's events are as old as what they tell; until all are told, a service says that some are waiting."""
        until = time.monotonic() + READY_SECONDS
        while (said := self.get(path).json())["status"] != "ready":
            assert set(said["checks"].values()) == {"ready", "degraded"}, said
            assert time.monotonic() < until, said
            time.sleep(0.5)

    def send(self, page, *fields, **typed):
        """Fill in the form of a page that has these fields, and send it."""
        wanted = {*fields, *typed}
        forms = [form for form in read_html(page.text).iter("form") if wanted <= _names(form)]
        return self._send(page, forms[0], typed)

    def press(self, page, button, **typed):
        """Fill in the form of a button that says this, and press it."""
        tree = read_html(page.text)
        pressed = next(node for node in tree.iter("button") if words(node) == button)
        forms = list(tree.iter("form"))
        form = next(form for form in forms if pressed in form.iter() or pressed.get("form", "-") == form.get("id"))
        assert set(typed) <= _names(form)
        name = pressed.get("name")
        return self._send(page, form, {**typed, **({name: pressed.get("value", "")} if name else {})})

    def follow(self, page, text):
        """Go where the first link goes that says this among other things."""
        return self.get(self.address_of(page, text))

    def address_of(self, page, text):
        """Where the first link leads that says this among other things."""
        link = next(node for node in read_html(page.text).iter("a") if text in words(node))
        return urljoin(page.url, link.get("href"))

    def _send(self, page, form, typed):
        address = urljoin(page.url, form.get("action") or page.url)
        headers = {"Referer": page.url}  # where to come back to after a new log-in
        return self.session.post(address, data={**form_values(form), **typed}, headers=headers, timeout=30)

    def log_in(self, user, page="/identity/log-in", password=PASSWORD):
        """Type name, password and the code from the inbox; returns the page that follows."""
        seen = len(self.messages(user.mobile))
        code_page = self.send(self.get(page), user_name=user.user_name, password=password)
        assert code_page.ok, code_page.text
        return self.send(code_page, code=self.code(user.mobile, seen))

    def enter(self, user, page):
        """Log in by a service's own way to it and choose the only role; returns the page of the service."""
        return self.send(self.log_in(user, page), "role_id")

    def enter_as_citizen(self, name, page):
        """Log in with Test-ID at a service's own way to it; returns the page of the service."""
        people = self.get("/standins/people.json").json()["people"]
        number = next(p["number"] for p in people if f"{p['given_name']} {p['family_name']}" == name)
        return self.prove_citizen(self.get(page), number)

    def prove_citizen(self, log_in, number):
        """Go through the pages of ID-porten, of which this is the first; returns the page that follows."""
        shown = self.session.post(log_in.url, data={"pid": number}, timeout=30)
        code = re.search(r'id="testid-code">(\d{6})<', shown.text).group(1)
        return self.session.post(log_in.url, data={"code": code}, timeout=30)

    def code(self, mobile, seen):
        """The digits of the first message after those already seen."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(found := self.messages(mobile)) <= seen:
            assert time.monotonic() < deadline, "no message came"
            time.sleep(0.1)
        return re.search(r"(?<!\d)(\d{6})(?!\d)", found[0]["text"]).group(1)

    def messages(self, to):
        """The inbox of a receiver, newest first."""
        answer = self.session.get(f"{self.url}/standins/inbox.json", params={"to": to}, timeout=30)
        return answer.json()["messages"]


def _names(form):
    return {field.get("name") for field in form.iter() if field.get("name")}
