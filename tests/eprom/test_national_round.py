"""The suite's own client orders at the suite's own answering side: two eproms, each with everything of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.eprom.app import create_app
from services.eprom.domain.national import DistributionRule, NationalForms
from services.eprom.domain.outside_orders import form_id
from services.eprom.store.tables import Base
from services.eprom.usecases.answer_form import forget_answers
from services.eprom.usecases.orderers import add_orderer
from services.eprom.worker import make_worker
from shared.forms.catalogue import registry
from shared.testing.wsgi_http import WsgiAdapter
from tests.eprom.api.test_form_orders import answered
from tests.eprom.outside_site import OutsideSite
from tests.eprom.site import KARI, OLA, SOLVEIG, Site
from tests.eprom.usecases.world import DISPATCH

THERE, BACK = "http://localhost:8030", "http://localhost:8031"

pytestmark = pytest.mark.req("EPR-09", "EPR-15")


class Asking(Site):
    """An eprom whose registry has its forms sent by another suite."""

    def __init__(self, folder, database_url, there):
        super().__init__(folder, database_url)
        self.there = there
        key = add_orderer("the others", BACK, secret=there.means.link_key, uow=there.uow)
        forms = {name: form_id("smertereg", name, registry("smertereg").form(name).version) for name in ("pasreg",)}
        national = NationalForms(DistributionRule.BASIC, forms)
        schedule = replace(self.means.schedules["smertereg"], channels=("national", "email_sms"), national=national)
        self.means = replace(self.means, schedules={"smertereg": schedule}, national_key=key)
        self.parts = replace(self.parts, means=self.means)
        self.settings = replace(self.settings, outside=replace(self.settings.outside, national_url=THERE))
        self.app = create_app(self.settings, self.parts)
        self.worker = make_worker(self.settings, self.parts)
        self.http.mount(THERE, WsgiAdapter(there.app, THERE))
        there.http.mount(BACK, WsgiAdapter(self.app, BACK))

    def go_on(self):
        """Let both do what is due."""
        for _ in range(3):
            self.there.worker.jobs.run_due()
            self.worker.jobs.run_due()


@pytest.fixture
def asking(tmp_path, laid_url):
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    there = OutsideSite(tmp_path / "there", f"sqlite:///{tmp_path}/there.sqlite")
    made = Asking(tmp_path / "here", laid_url(Base.metadata), there)
    there.clock.move(DISPATCH - there.clock.now())
    yield made
    made.close()
    there.close()


def ordered(asking, pid):
    order_id = asking.order(pid)
    asking.work_until(DISPATCH)
    asking.go_on()
    return order_id


def test_a_form_goes_out_there_and_its_answers_come_home_and_stay_nowhere_else(asking):
    order_id = ordered(asking, KARI)
    (lent,) = asking.there.orders()
    assert (asking.row(order_id).state, asking.row(order_id).channel) == ("sent", "national")
    assert (lent.state, lent.channel, len(asking.there.inbox()), asking.inbox()) == ("sent", "helsenorge", 1, [])

    answered(asking.there, lent.order_id)
    asking.go_on()
    assert asking.answers(order_id).document["answers"]["sleep_before_admission"] == 3
    assert asking.event_names() == ["FormOrdered", "FormSent", "FormAnswered"]
    assert (asking.there.row(lent.order_id).state, asking.there.answers(lent.order_id)) == ("stored", None)
    assert set(asking.there.claims.values()) == {None}

    forget_answers(order_id, uow=asking.uow)
    assert (asking.row(order_id).state, asking.answers(order_id)) == ("stored", None)


def test_who_they_do_not_reach_is_reached_from_here(asking):
    with asking.mail_runs():
        order_id = ordered(asking, SOLVEIG)

    assert (asking.row(order_id).state, asking.row(order_id).channel) == ("sent", "email_sms")
    assert [row.state for row in asking.there.orders()] == ["unreachable"]


def test_when_nobody_answers_there_the_form_is_locked_here(asking):
    order_id = ordered(asking, OLA)
    (lent,) = asking.there.orders()
    asking.there.clock.move(lent.lock_at - asking.there.clock.now())
    asking.go_on()

    assert (asking.row(order_id).state, asking.row(order_id).reason) == ("stopped", 7)
    assert asking.there.row(lent.order_id).state == "stopped"
