"""Eprom with the national ePROM as its first channel, and the stand-in that calls it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from deploy.standins.national_worker import work
from deploy.standins.parts import EXTENSION
from services.eprom.app import create_app
from services.eprom.store.tables import NationalRow
from services.eprom.worker import make_worker
from shared.testing.wsgi_http import WsgiAdapter
from tests.eprom.site import HOME, Site
from tests.eprom.usecases.world import DISPATCH
from tests.outside import STANDINS


class NationalSite(Site):
    """Eprom whose registry orders its forms at the national ePROM, and tries `others` after it."""

    def __init__(self, folder, database_url, others=("digipost", "email_sms")):
        super().__init__(folder, database_url)
        self.settings = replace(
            self.settings, outside=replace(self.settings.outside, national_url=f"{STANDINS}/national")
        )
        schedule = replace(self.means.schedules["smertereg"], channels=("national", *others))
        self.means = replace(self.means, schedules={"smertereg": schedule})
        self.parts = replace(self.parts, means=self.means)
        self.app = create_app(self.settings, self.parts)
        self.worker = make_worker(self.settings, self.parts)
        self.national = self.standins.test_client()
        self.outside = self.standins.extensions[EXTENSION]
        self.outside.http.mount(HOME, WsgiAdapter(self.app, HOME))

    @property
    def line(self):
        """The line to the stand-ins, to be cut or listened to."""
        return self.http.get_adapter(f"{STANDINS}/national")

    def dispatch(self):
        """Let the dispatch of the day place its orders."""
        self.work_until(max(DISPATCH, self.clock.now()))

    def tell(self):
        """Let the national ePROM do what it has to, and eprom what follows; returns how many news were taken."""
        taken = work(self.outside)
        for _ in range(2):
            self.worker.jobs.run_due()
        return taken

    def tell_until_heard(self):
        """The same, with the pauses that come before what was not acknowledged is told again."""
        for _ in range(4):
            self.tell()
            self.clock.move(timedelta(minutes=5))

    def orders(self):
        """The orders there, newest first."""
        return self.national.get("/national-orders/all.json").json["orders"]

    def act(self, act, body=None):
        """Let something happen to the newest order there."""
        answer = self.national.post(f"/national-orders/{self.orders()[0]['id']}/{act}", json=body or {})
        assert answer.status_code == 200, answer.text

    def switch(self, **switches):
        self.national.post("/national-orders/switches", json=switches)

    def standing(self, order_id):
        with self.database.reading() as session:
            row = session.scalar(select(NationalRow).where(NationalRow.order_id == order_id))
            return (row.standing, row.channel) if row is not None else None

    def put(self, **news):
        """News as the national ePROM sends them, with any changes."""
        return self.app.test_client().put("/api/PromsFormOrder", json={"apiKey": self.means.national_key, **news})
