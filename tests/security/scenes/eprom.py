"""Eprom with forms that lie with Kari and Ola, one that waits, and one that is answered."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType

from services.eprom.app import create_app
from services.eprom.domain.course import CourseName
from services.eprom.usecases.answer_form import save_answers, submit_answers
from services.eprom.usecases.place_order import place_order
from tests.eprom.site import KARI, OLA, Site
from tests.eprom.usecases.world import DISPATCH
from tests.security.parties import Places
from tests.security.scene import Scene, missing, secured
from tests.security.table import Party, Thing

NOTHING = "3c" * 16
# What each has answered to the question how often; no page holds these numbers otherwise.
ANSWERED = {"kari": 113, "ola": 109}
PIDS = {"kari": KARI, "ola": OLA}


class Eprom(Scene):
    """Patients see their own forms; organisations and roles open nothing here."""

    places = Places(own=100082, sister=705652, other=100084, parent=100021)
    defaults = MappingProxyType({"path": "contacts_last_year", "task_id": "0a3c5d1e-64f7-4c0b-8f6c-3f3a0a4a9b11"})
    bodies = MappingProxyType(
        {
            "POST /form/<order_id>/question/<path>": {"_shown": "contacts_last_year", "contacts_last_year": "77"},
            "POST /language": {"language": "nb"},
        }
    )
    front = "/s/<token>"

    def __init__(self, folder):
        site = Site(folder, f"sqlite:///{folder}/eprom.sqlite")
        super().__init__(site, create_app(secured(site.settings), site.parts))

    def session(self, party, principal):
        if party.name in self.parents:
            return {"pid": KARI, "only_order": self.parents[party.name], "is_parent": True}
        return {"pid": PIDS[party.person]} if party.word == "citizen" and party.person else {}

    def things(self):
        kari, ola, answered = (self.site.order(pid, course_id=n) for n, pid in enumerate((KARI, OLA, KARI), 1))
        self.site.work_until(DISPATCH)
        self._answer(answered)
        self._save("kari", kari)
        self._save("ola", ola)
        here, elsewhere = self._form("kari", kari), self._form("ola", ola)
        # Who answers for somebody came by one link, and gets no further than that form.
        self.parents = {"parent with the link": kari, "parent with the link of another form": answered}
        people = zip(self.parents, ("kari", None), strict=True)
        self.parties += [Party(name=name, word="citizen", person=person) for name, person in people]
        return {
            "order_id": [here, elsewhere, self._waiting(), missing("order_id", NOTHING)],
            "token": [self._link(kari), Thing(name="missing", values={"token": "A" * 43}, is_there=False)],
            "GET /api/answers/<order_id>": [self._form(None, answered), self._form(None, ola, is_there=False)],
            "GET /api/courses/<int:course_id>/attempts": [
                Thing(name="course of kari", values={"course_id": 1}),
                missing("course_id", 99),
            ],
        }

    def _form(self, person, order_id, *, is_there=True):
        values = {"order_id": order_id}
        return Thing(name=f"form of {person}", values=values, person=person, is_there=is_there)

    def _waiting(self):
        name = CourseName(course_id=4, pid=KARI, registry="smertereg", organisation=100082)
        due = self.site.clock.now() + timedelta(days=9)
        order_id = place_order(name, "hads", due_at=due, uow=self.site.uow)
        return Thing(name="not sent yet", values={"order_id": order_id}, is_there=False)

    def _save(self, person, order_id):
        document = {"answers": {"complete": 1, "contacts_last_year": ANSWERED[person]}}
        save_answers(order_id, lambda _: document, definition_version=1, uow=self.site.uow)

    def _answer(self, order_id):
        self._save("kari", order_id)
        submit_answers(order_id, uow=self.site.uow)

    def _link(self, order_id):
        return Thing(name="link", values={"token": self.site.token(order_id)})
