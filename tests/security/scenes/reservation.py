"""Reservation with cases of Kari and Ola, letters that must be posted, and a case of another registry."""

from __future__ import annotations

from types import MappingProxyType

from sqlalchemy import update

from services.reservation.app import create_app
from services.reservation.store.tables import CaseRow
from tests.reservation.site import OLA, SIGRID, Site
from tests.security.parties import ABROAD, Places
from tests.security.scene import Scene, missing, secured
from tests.security.table import Thing

BJORN, NOTHING = "05855549915", "3c" * 16
NUMBERS = {"kari": SIGRID, "ola": OLA}
PAPER = {"number": "17855749815", "compared": "1", "language": "nb"}


class Reservation(Scene):
    """The secretariat sees all cases of its registry, a citizen the own ones."""

    places = Places(own=100082, sister=705652, other=100084, parent=100021)
    defaults = MappingProxyType({"registry": "smertereg"})
    bodies = MappingProxyType({"POST /cases/paper": PAPER, "POST /language": {"language": "nb"}})

    def __init__(self, folder):
        site = Site(folder, f"sqlite:///{folder}/reservation.sqlite")
        super().__init__(site, create_app(secured(site.settings), site.parts))

    def session(self, party, principal):
        if party.word != "citizen" or party.person is None:
            return {}
        numbers, number = self.site.means.numbers, NUMBERS[party.person]
        sealed = numbers.seal(number, place=f"session:{principal.subject}")
        return {"person_hash": numbers.hash_of(number), "sealed_number": sealed.hex()}

    def things(self):
        here = self._refused(SIGRID, "kari")
        elsewhere, abroad = self._refused(OLA, "ola"), self._moved(self._refused(BJORN, "bjorn"))
        return {"case_id": [here, elsewhere, abroad, missing("case_id", NOTHING)]}

    def _refused(self, number, person):
        values = {"case_id": self.site.refused_letter(number)}
        return Thing(name=f"case of {person}", values=values, registry="smertereg", person=person)

    def _moved(self, thing):
        with self.site.database.transaction() as session:
            case = update(CaseRow).where(CaseRow.case_id == thing.values["case_id"])
            session.execute(case.values(registry_key=ABROAD))
        return Thing(name="abroad", values=thing.values, registry=ABROAD, person=thing.person)
