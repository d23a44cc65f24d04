"""Release with applications and deliveries of two applicants and of another registry."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from sqlalchemy import update

from services.release.app import create_app
from services.release.store.tables import ApplicationRow
from tests.release.site import Site
from tests.release.world import FORM, KARI, OLA
from tests.security.parties import ABROAD, Places
from tests.security.scene import Scene, missing, secured
from tests.security.table import Thing

NOTHING = "3c" * 16
WHO = {"kari": KARI, "ola": OLA}


class Release(Scene):
    """Applicants see their own, five roles what their registry has received; a draft is its applicant's alone."""

    places = Places(own=100082, sister=705652, other=100084, parent=100021)
    defaults = MappingProxyType({"registry": "smertereg"})
    bodies = MappingProxyType(
        {
            "POST /applications/new/<registry>": dict(FORM),
            "POST /applications/<application_id>": dict(FORM),
            "POST /review/<application_id>/vote": {"choice": "yes"},
            "POST /language": {"language": "nb"},
        }
    )

    def __init__(self, folder):
        site = Site(folder, f"sqlite:///{folder}/release.sqlite")
        self.world = site.world()
        super().__init__(site, create_app(secured(site.settings), site.parts))

    def things(self):
        here, elsewhere = self._received("kari"), self._received("ola")
        draft = Thing(name="draft", values={"application_id": self.world.draft()}, person="kari")
        delivery = self._delivery("kari")
        return {
            "application_id": [here, elsewhere, draft, self._abroad(), missing("application_id", NOTHING)],
            "delivery_id": [delivery, self._delivery("ola"), missing("delivery_id", NOTHING)],
        }

    def _received(self, person):
        application_id = self.world.draft(by=WHO[person])
        self.world.send(application_id, by=WHO[person])
        values = {"application_id": application_id}
        return Thing(name=f"application of {person}", values=values, registry="smertereg", person=person)

    def _abroad(self):
        thing = self._received("ola")
        self._move(thing.values["application_id"], registry_key=ABROAD, applicant="somebody")
        return replace(thing, name="abroad", registry=ABROAD, person="somebody")

    def _delivery(self, person):
        delivery_id = self.world.opened()
        values, row = {"delivery_id": delivery_id}, self.world.delivery(delivery_id)
        if person != "kari":
            with self.site.database.transaction() as session:
                session.execute(update(type(row)).where(type(row).delivery_id == delivery_id).values(recipient=person))
            self._move(row.application_id, registry_key=ABROAD)
            return Thing(name="delivery abroad", values=values, registry=ABROAD, person=person)
        return Thing(name="delivery", values=values, registry="smertereg", person=person)

    def _move(self, application_id, **values):
        with self.site.database.transaction() as session:
            row = update(ApplicationRow).where(ApplicationRow.application_id == application_id)
            session.execute(row.values(**values))
