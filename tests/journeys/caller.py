"""What people do by plain HTTP at a running suite: only what the pages themselves offer, with no script to help."""

from __future__ import annotations

import re

from shared.testing.html import read_html, words
from tests.deploy.visitor import Visitor
from tests.journeys.answers import LISTED_FROM, STARTED_ON
from tests.journeys.walker import user_named

OK = 200
SAVE, FINALISE, NEXT = "Lagre", "Ferdigstill", "Neste"
SOME_NUMBER = "4"


class Caller:
    """One person at a browser; `page` is what is shown."""

    def __init__(self, walker):
        self.walker, self.visitor, self.page, self.asked = walker, Visitor(walker.url), None, []

    def left(self):
        """The addresses asked for, and the cookies."""
        return [*self.asked, *(f"{one.name}={one.value}" for one in self.visitor.session.cookies)]

    def shown(self, page, status=OK):
        """Look at a page that has come."""
        self.asked += [answer.url for answer in (*page.history, page)]
        assert page.status_code == status, (page.status_code, page.url)
        self.page = page
        return self

    def open(self, service, path, status=OK):
        return self.go(self.walker.at(service, path), status)

    def go(self, address, status=OK):
        return self.shown(self.visitor.get(address), status)

    def reload(self):
        return self.go(self.page.url)

    def follow(self, text):
        return self.shown(self.visitor.follow(self.page, text))

    def address_of(self, text):
        return self.visitor.address_of(self.page, text)

    def press(self, button, status=OK, **typed):
        return self.shown(self.visitor.press(self.page, button, **typed), status)

    def send(self, *fields, status=OK, **typed):
        return self.shown(self.visitor.send(self.page, *fields, **typed), status)

    @property
    def tree(self):
        return read_html(self.page.text)

    @property
    def text(self):
        """What the page says."""
        return words(next(self.tree.iter("main")))

    def fields(self):
        """The names of everything that can be answered on the page."""
        return {node.get("name") for node in self.tree.iter() if node.tag in {"input", "select", "textarea"}}

    def enter(self, user_name, service, path):
        """Log in as one of the demo's users and choose the only role."""
        return self.shown(self.visitor.enter(user_named(user_name), self.walker.at(service, path)))

    def enter_as_citizen(self, number, service, path):
        """Log in with ID-porten on the way to a page."""
        return self.open(service, path).prove_citizen(number)

    def prove_citizen(self, number):
        """The pages of ID-porten, of which the first is shown."""
        return self.shown(self.visitor.prove_citizen(self.page, number))

    def prove_anew(self, user_name):
        """The log-in is too old for what was asked: a code by SMS, and back to where it was asked."""
        mobile = user_named(user_name).mobile
        self.follow("Logg inn på nytt")
        seen = len(self.visitor.messages(mobile))
        return self.press("Send kode").send(code=self.visitor.code(mobile, seen))

    def find(self, number, status=OK):
        """Type a number that somebody wants to register."""
        return self.open("registration", "/registrations/new").send(number=number, status=status)

    def register(self, person):
        """Register somebody whom the registry does not know and open a course; returns its FID."""
        self.find(person.number)
        assert person.family_name in self.text
        self.send(started_on=STARTED_ON)
        return int(re.search(r"/courses/(\d+)$", self.page.url)[1])

    def open_form(self, course_id, form):
        return self.open("registration", f"/courses/{course_id}/forms/{form}")

    def fill_in(self, course_id, form, answers):
        """Answer what a form asks, and save it so that it asks what follows from that, until all is answered."""
        self.open_form(course_id, form)
        while here := {name: answers[name] for name in answers.keys() & self.fields()}:
            answers = {name: value for name, value in answers.items() if name not in here}
            self.press(SAVE, **here)
        assert not answers
        return self

    def complete(self, course_id, form, answers):
        """Fill a form in and finalise it."""
        self.fill_in(course_id, form, answers).press(FINALISE)
        assert self.page.url.endswith(f"finalised={form}")

    def signs(self, course_id, path="work-list"):
        """What a list says of the forms of a course, in words, by the names over the columns."""
        self.open("registration", f"/{path}?started_from={LISTED_FROM}")
        row = next(row for row in self.tree.iter("tr") if any(_leads_to(a, course_id) for a in row.iter("a")))
        said = [words(node) for node in row.iter() if node.get("class") == "state"]
        return dict(zip([words(node) for node in self.tree.iter("abbr")], said, strict=True))

    def answer(self):
        """Answer the patient's form that is shown, question by question, to its end."""
        self.follow("Svar nå")
        while "/question/" in self.page.url:
            self.press(NEXT, **_some_answer(self.tree))
        self.press("Send inn")
        assert self.page.url.endswith("/thanks")


def _leads_to(link, course_id):
    return link.get("href", "").endswith(f"/courses/{course_id}")


def _some_answer(tree):
    """The second of several choices, or a number."""
    fields = [node for node in tree.iter("input") if node.get("type") in {"radio", "text"}]
    return {fields[0].get("name"): fields[1].get("value") if fields[0].get("type") == "radio" else SOME_NUMBER}
