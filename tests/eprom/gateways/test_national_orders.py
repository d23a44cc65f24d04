"""Orders at the national ePROM, against the stand-in that checks what it gets: each once, whatever happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests

from services.eprom.domain.national import DistributionRule, Standing
from services.eprom.domain.reach import ReachCode
from services.eprom.gateways.national_orders import NationalEprom
from services.eprom.gateways.outside import outside_http
from services.eprom.store.store import Store
from services.eprom.store.tables import KIT, Base
from services.eprom.usecases.national_ledger import OrderLedger
from services.eprom.usecases.ports import LastingFault, NationalForm, OutsideUnavailable, ToldLater
from shared.auth.credentials import national_key
from shared.outbox.unit_of_work import UnitOfWork
from tests.eprom.gateways.outside import MESSAGE_ID, NO_CONTACT, letter
from tests.eprom.usecases.world import World
from tests.outside import STANDINS

HADS, DRAFT = "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0002", "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0098"

pytestmark = pytest.mark.req("EPR-14", "EPR-15")


class Client:
    """The gateway with its ledger, and an order here that it is about."""

    def __init__(self, outside, database):
        self.outside = outside
        self.order_id = World(database).order()
        self.ledger = OrderLedger(UnitOfWork(database, Store, KIT, clock=outside.clock))

    def gateway(self, url=f"{STANDINS}/national", key=None, http=None):
        key = key or national_key(self.outside.keys, "eprom")
        return NationalEprom(url, key=key, ledger=self.ledger, http=http or self.outside.http)

    def send(self, name="Granlid", form=HADS, rule=DistributionRule.BASIC, **how):
        given = letter(national=NationalForm(self.order_id, form, rule))
        return self.gateway(**how).send(self.outside.recipient(name), NO_CONTACT, given)

    @property
    def standing(self):
        return self.ledger.begin(MESSAGE_ID, self.order_id)

    @property
    def placed(self):
        return len(self.outside.browser.get("/national-orders/all.json").json["orders"])


@pytest.fixture
def client(outside, make_database):
    return Client(outside, make_database(Base.metadata))


def test_an_order_is_taken_and_told_of_later(client):
    for _ in range(2):
        with pytest.raises(ToldLater):
            client.send()

    (order,) = client.outside.browser.get("/national-orders/all.json").json["orders"]
    assert (order["form"], order["rule"], order["expires_at"]) == ("hads", "Basic", "2026-11-27T22:59:59+00:00")
    assert client.standing is Standing.TAKEN


@pytest.mark.parametrize("rule", ["HelsenorgeOnly", "AllowUnsecure"])
def test_the_rule_is_the_registrys(client, rule):
    with pytest.raises(ToldLater):
        client.send(rule=DistributionRule(rule))

    assert client.outside.browser.get("/national-orders/all.json").json["orders"][0]["rule"] == rule


def test_who_is_unknown_there_is_left_to_the_next_channel_for_good(client):
    client.outside.app.extensions["standins"].store.forget_all()
    recipient = letter(national=NationalForm(client.order_id, HADS, DistributionRule.BASIC))
    number = type("Known", (), {"number": "17855749815"})()

    assert client.gateway().send(number, NO_CONTACT, recipient) is False
    assert client.standing is Standing.UNREACHABLE


def test_a_form_that_is_not_in_their_catalogue_is_left_to_the_next_channel(client):
    assert client.gateway().send(client.outside.recipient("Granlid"), NO_CONTACT, letter()) is False
    assert not client.placed


@pytest.mark.parametrize("how", [{"form": DRAFT}, {"key": "wrong"}])
def test_a_refused_order_is_for_a_person_and_can_be_tried_again(client, how):
    with pytest.raises(LastingFault) as caught:
        client.send(**how)
    assert caught.value.code is ReachCode.CHANNEL_REFUSED

    with pytest.raises(ToldLater):
        client.send()


@pytest.mark.parametrize("fault", ["503", "429"])
def test_what_was_not_looked_at_is_tried_again(client, fault):
    client.outside.fail("national", fault)
    with pytest.raises(OutsideUnavailable, match=fault):
        client.send()
    with pytest.raises(ToldLater):
        client.send()

    assert client.placed == 1


@pytest.mark.parametrize(("fault", "placed"), [("lost_reply", 1), ("500", 0), ("malformed", 0)])
def test_an_order_that_may_have_been_taken_is_never_placed_again(client, fault, placed):
    client.outside.fail("national", fault)
    for _ in range(2):
        with pytest.raises(LastingFault) as caught:
            client.send()
        assert caught.value.code is ReachCode.UNKNOWN_OUTCOME

    assert client.placed == placed
    assert len(client.outside.asked("national")) == 1


def test_a_line_that_breaks_leaves_the_outcome_unknown(client):
    client.outside.line.is_down = True
    with pytest.raises(LastingFault):
        client.send()
    client.outside.line.is_down = False
    with pytest.raises(LastingFault):
        client.send()

    assert not client.placed


def test_where_nobody_listens_nothing_was_ordered(client):
    with pytest.raises(OutsideUnavailable, match="ConnectionError"):
        client.send(url="http://127.0.0.1:1", http=outside_http())
    with pytest.raises(ToldLater):
        client.send()


def test_a_call_that_was_cut_off_is_waited_for_and_then_unknown(client):
    assert client.standing is None
    with pytest.raises(OutsideUnavailable, match="under way"):
        client.send()

    client.outside.clock.move(timedelta(minutes=2))
    with pytest.raises(LastingFault):
        client.send()
    assert not client.placed


def test_no_number_stands_in_what_is_raised(client):
    client.outside.line.is_down = True
    with pytest.raises(LastingFault) as caught:
        client.send()

    number = client.outside.person("Granlid").number
    assert number not in f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"
    assert not isinstance(caught.value.__context__, requests.RequestException)
