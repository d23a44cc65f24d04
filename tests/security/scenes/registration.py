"""Registration with courses in three organisations and in another registry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from sqlalchemy import update

from services.registration.app import create_app
from services.registration.store.tables import CourseRow, ExtractRow, FlagRow
from services.registration.usecases.claim_number import claim_number
from tests.registration.pages.test_forms import fill
from tests.registration.site import AMINA, HUS, KARI, OLA, Site
from tests.security.parties import ABROAD, Places
from tests.security.scene import Scene, missing, secured
from tests.security.table import Thing

ULLEVAAL, RIKSHOSPITALET, HELSE_VEST = 4207789, 705652, 100021
NORA, SOLVEIG = "30908249638", "24916849806"
EXTRACT, NOTHING = "e1" * 16, "3c" * 16
ORDER = "/courses/<int:course_id>/patient-forms/<form>/order"
UNTIL = datetime(2027, 3, 1, tzinfo=UTC)
ABSENT = {"name": "missing", "values": {}, "is_there": False}
# Written into the form of each course, and nowhere else.
WRITTEN = {
    "here": "Merknad-aaqx",
    "at the sister's": "Merknad-bbqx",
    "elsewhere": "Merknad-ccqx",
    "abroad": "Merknad-ddqx",
}


def _number(number, name):
    body = {"number": number, "until": UNTIL.isoformat()}
    return Thing(name=name, values={}, body=body, is_there=name != "missing")


class Registration(Scene):
    """Kari in the own organisation, Ola with its sister, Amina elsewhere, Solveig in another registry."""

    places = Places(own=ULLEVAAL, sister=RIKSHOSPITALET, other=HUS, parent=HELSE_VEST)
    defaults = MappingProxyType({"form": "to"})
    bodies = MappingProxyType(
        {
            "POST /search": {"kind": "number"},
            "POST /registrations": {"number": KARI, "started_on": "20.11.2026"},
            "POST /persons/<int:pid>/courses": {"started_on": "20.11.2026"},
            "POST /courses/<int:course_id>/forms/<form>": {"act": "save", "revision": "0"},
            "POST /courses/<int:course_id>/forms/<form>/reopen": {"reason": "Feil dato."},
            "POST /courses/<int:course_id>/withdrawal": {"reason": "Brev fra pasienten."},
            "POST /courses/<int:course_id>/print": {"form": "b11", "identity": "1"},
            "POST /api/claims/release": {"claim": 999_999},
            "POST /language": {"language": "nb"},
        }
    )

    def __init__(self, folder):
        site = Site(folder, f"sqlite:///{folder}/registration.sqlite")
        super().__init__(site, create_app(secured(site.settings), site.parts))

    def files(self):
        return [*super().files(), self.site.persons.database.engine.url.database]

    def close(self):
        super().close()
        self.site.persons.database.engine.dispose()

    def things(self):
        here = self._registered("here", KARI, ULLEVAAL)
        found = [here, self._registered("at the sister's", OLA, RIKSHOSPITALET)]
        found += [self._registered("elsewhere", AMINA, HUS), self._moved(self._registered("abroad", SOLVEIG, ULLEVAAL))]
        self._make_extract()
        stranger = Thing(name="missing", values={}, body={"text": NORA, "number": NORA}, is_there=False)
        recipient = [Thing(name=one.name, values={}, body=dict(one.values)) for one in found]
        nobody = Thing(name="missing", values={}, body={"pid": 999_999, "course_id": 999_999}, is_there=False)
        return {
            "pid": [*found, missing("pid", 999_999)],
            "course_id": [*found, missing("course_id", 999_999)],
            "extract_id": [Thing(name="made", values={"extract_id": EXTRACT}), missing("extract_id", NOTHING)],
            "POST /search": [*found, stranger],
            "POST /registrations/find": [*found, stranger],
            "POST /api/recipients": [*recipient, nobody],
            **{f"{method} {ORDER}": [self._asked(one) for one in found] for method in ("GET", "POST")},
            "POST /courses/<int:course_id>/flags/<int:flag_id>": [self._flagged(one) for one in found],
            "POST /api/claims": [_number(NORA, "somebody"), _number("20036914700", "missing")],
            "POST /api/claims/redeem": [self._claimed(), Thing(**ABSENT, body={"claim": 999_999})],
        }

    def _asked(self, thing):
        return replace(thing, values={**thing.values, "form": "pasreg"})

    def _flagged(self, thing):
        flag = FlagRow(course_id=thing.values["course_id"], form="hads", order_id=NOTHING, rule="sample", note="")
        with self.site.uow() as store:
            flag.raised_at = store.now
            store.add(flag)
            flag_id = flag.flag_id
        return replace(thing, values={**thing.values, "flag_id": flag_id}, body={"note": "Ringt."})

    def _claimed(self):
        means = self.site.means
        known = {"persons": means.persons, "population": means.population, "accepts_synthetic": True}
        return Thing(name="made", values={}, body={"claim": claim_number(NORA, UNTIL, **known)})

    def _registered(self, name, number, organisation):
        course_id = self.site.register(number, organisation=organisation)
        values = {"pid": self.site.pid(number), "course_id": course_id}
        sent = {"text": number, "number": number}
        fill(self.site.browser(organisation=organisation), course_id, "b11", admission_diagnosis=WRITTEN[name])
        return Thing(name=name, values=values, body=sent, registry="smertereg", organisation=organisation)

    def _moved(self, thing):
        with self.site.database.transaction() as session:
            course = update(CourseRow).where(CourseRow.course_id == thing.values["course_id"])
            session.execute(course.values(registry_key=ABROAD))
        return replace(thing, registry=ABROAD)

    def _make_extract(self):
        facts = {"delivery_id": "d1" * 16, "project_id": "f1" * 16, "request": {"registry": "smertereg"}}
        with self.site.database.transaction() as session:
            session.add(ExtractRow(extract_id=EXTRACT, state="ready", **facts))
        self.site.means.files.write(EXTRACT, b"sealed")
