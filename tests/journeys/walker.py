"""What people do at the screen of a running suite, and looks into it that no page gives."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import requests
from sqlalchemy import create_engine, text

from deploy.demo.users import PASSWORD, USERS
from deploy.stack import postgresql
from deploy.stack.place import StackPlace

KARI, KARI_NAME = "17855749815", "Granlid"
PATIENCE = 180


def user_named(user_name):
    """One of the demo's users."""
    return next(user for user in USERS if user.user_name == user_name)


class Walker:
    """One suite at an address, with its data in a folder; `is_stack` tells which profile it runs."""

    def __init__(self, suite):
        self.url, self.folder, self.is_stack = suite.url, suite.folder, suite.is_stack
        self.place = StackPlace(suite.folder, suite.port)

    def at(self, service, path=""):
        """The address of a service's page; a path begins with a slash."""
        return f"{self.place.url_of(service)}{path}" if self.is_stack else f"{self.url}/{service}{path}"

    def inbox(self, **wanted):
        return requests.get(f"{self.url}/standins/inbox.json", params=wanted, timeout=30).json()["messages"]

    def wait_for(self, look):
        """What a look gives as soon as it gives anything."""
        until = time.monotonic() + PATIENCE
        while not (found := look()):
            assert time.monotonic() < until, "it never came"
            time.sleep(0.3)
        return found

    def rows(self, database, query, **values):
        """The rows of a query with named values, as tuples; `database` is a service or persons."""
        engine = create_engine(self._address(database))
        with engine.connect() as session:
            found = [tuple(row) for row in session.execute(text(query), values)]
        engine.dispose()
        return found

    def run(self, database, statement):
        """Run a statement as the owner of a database."""
        engine = create_engine(self._address(database))
        with engine.begin() as session:
            session.execute(text(statement))
        engine.dispose()

    def _address(self, database):
        if not self.is_stack:
            return f"sqlite:///{self.folder}/{database}.sqlite"
        started = (self.folder / "postgresql" / "cluster" / "postmaster.pid").read_text().splitlines()
        return postgresql.url_of(StackPlace(self.folder, self.place.port, database_port=int(started[3])), database)

    def log_in(self, page, user_name, service, path="/"):
        """Password, code by SMS and the only role; ends on the page asked for."""
        user = user_named(user_name)
        before = len(self.inbox(channel="sms", to=user.mobile))
        page.goto(self.at(service, path))
        self.type_password(page, user_name, PASSWORD)
        self.type_code(page, user.mobile, before)
        page.click("main form:has([name=role_id]) button >> nth=0")

    def type_password(self, page, user_name, password):
        """The first page of the log-in."""
        page.fill("[name=user_name]", user_name)
        page.fill("[name=password]", password)
        page.click("main form:has([name=password]) button[type=submit]")

    def type_code(self, page, mobile, seen):
        """Type the code of the first SMS after those already seen."""
        self.wait_for(lambda: len(self.inbox(channel="sms", to=mobile)) > seen)
        sent = self.inbox(channel="sms", to=mobile)[0]["text"]
        page.fill("[name=code]", re.search(r"(?<!\d)(\d{6})(?!\d)", sent).group(1))
        page.click("main form:has([name=code]) button[type=submit]")

    def log_in_as_citizen(self, page, number):
        """ID-porten's two pages."""
        page.fill("input[name=pid]", number)
        page.press("input[name=pid]", "Enter")
        code = page.locator("#testid-code").inner_text()
        page.fill("input[name=code]", code)
        page.press("input[name=code]", "Enter")

    def now(self):
        """The suite's own moment."""
        return datetime.fromisoformat(requests.get(f"{self.url}/standins/clock.json", timeout=30).json()["now"])

    def move_clock_to(self, moment):
        """Move the suite's clock two minutes past a moment; it never goes back."""
        minutes = int((moment - self.now()).total_seconds() // 60) + 2
        requests.post(f"{self.url}/standins/clock", data={"forward_minutes": max(0, minutes)}, timeout=30)

    def order_due(self, course_id, column="due_at", form="pasreg"):
        """When a patient form of a course is due (or reminded of, or locked), once eprom has ordered (sent) it."""
        query = f"SELECT {column} FROM form_order WHERE course_id = :course AND form = :form AND {column} IS NOT NULL"
        due = self.wait_for(lambda: self.rows("eprom", query, course=course_id, form=form))[0][0]
        moment = due if isinstance(due, datetime) else datetime.fromisoformat(due)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
