"""The national ePROM reaches people by rule and tells the orderer, again and again until it is heard."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from tests.standins.national import PASREG, Orderer
from tests.standins.world import strict_html


@pytest.fixture
def orderer(world):
    return Orderer(world)


@pytest.mark.parametrize(
    ("name", "rule", "channel", "inbox"),
    [
        ("Granlid", "Basic", 1, "helsenorge"),
        ("Steinvik", "Basic", 2, "digipost"),
        ("Myrtveit", "AllowUnsecure", 3, "email"),
        ("Ospedal", "AllowUnsecure", 3, "sms"),
        ("Fjellstrand", "BasicOrPaper", 4, "letter"),
        ("Granlid", "DigitalMailboxOnly", None, None),
        ("Steinvik", "HelsenorgeOnly", None, None),
        ("Myrtveit", "Basic", None, None),
        ("Bjørkmo", "UnsecureOnly", None, None),
        ("Selje", "AllowUnsecureOrPaper", None, None),
        ("Nordskog", "PaperOnly", None, None),
        ("Ekebakk", "AllowUnsecure", None, None),
    ],
)
def test_the_first_way_of_the_rule_that_works_is_taken(orderer, name, rule, channel, inbox):
    order_id = orderer.order(name, formId=PASREG, distributionRule=rule)
    assert orderer.work() == 1

    (news,) = orderer.heard
    assert (news["formOrderId"], news["apiKey"]) == (order_id, orderer.key)
    told = (news["formOrderStatus"], news["formOrderStatusErrorCode"], news["notificationChannel"])
    assert told == (("Ordered", "None", channel) if inbox else ("Error", "PatientUnreachable", 0))
    assert [message["channel"] for message in orderer.world.inbox()] == ([inbox] if inbox else [])


def test_both_moments_are_those_of_the_order(orderer):
    orderer.order()
    orderer.world.clock.move(timedelta(minutes=9))
    orderer.work()

    (news,) = orderer.heard
    assert (news["timestamp"], news["timestampUtc"]) == ("2026-11-21T13:00:00", "2026-11-21T12:00:00Z")


def test_an_answer_is_told_as_a_text_with_the_log_of_filling_in(orderer):
    order_id = orderer.order()
    orderer.work()
    assert orderer.act(order_id, "answer", {"smerte": 4}).status_code == 200
    orderer.work()

    news = orderer.heard[-1]
    assert (news["formOrderStatus"], json.loads(news["formData"])) == ("Completed", {"smerte": 4})
    assert news["filledOutBy"]["filledOutByActType"] == "SegSelv"
    assert news["formOrderEventLog"][0]["timestampUtc"] == "2026-11-21 12:00:00.000"
    assert datetime.fromisoformat(news["timestamp"]).utcoffset() == timedelta(hours=1)
    assert orderer.act(order_id, "answer", {"smerte": 5}).status_code == 409


@pytest.mark.parametrize("act", ["now", "later"])
def test_who_does_not_answer_is_told_as_expired(orderer, act):
    order_id = orderer.order()
    orderer.work()
    if act == "now":
        orderer.act(order_id, "expire")
    orderer.world.clock.move(timedelta(days=0 if act == "now" else 30))
    orderer.work()

    assert orderer.statuses == ["Ordered", "Expired"]
    assert orderer.act(order_id, "answer", {}).status_code == 409


@pytest.mark.parametrize(("says", "status"), [({"success": False}, 200), ({"success": True}, 500), ([], 200)])
def test_what_is_not_acknowledged_is_told_again_with_pauses(orderer, says, status):
    orderer.order()
    orderer.says, orderer.status = says, status
    for minutes in (0, 1, 5, 30, 60):
        orderer.world.clock.move(timedelta(minutes=minutes, seconds=-1 if minutes else 0))
        orderer.work()
        orderer.world.clock.move(timedelta(seconds=1 if minutes else 0))
        orderer.work()
    assert len(orderer.heard) == 5

    orderer.says, orderer.status = {"success": True}, 200
    orderer.world.clock.move(timedelta(hours=1))
    assert (orderer.work(), orderer.work()) == (1, 0)


def test_after_a_week_nothing_more_is_told(orderer):
    orderer.order()
    orderer.says = {"success": False}
    for _ in range(7 * 24 + 10):
        orderer.work()
        orderer.world.clock.move(timedelta(hours=1))

    assert len(orderer.heard) == 7 * 24 + 3
    assert orderer.world.http.get("/national-orders/all.json").json["waiting"] == 0


def test_news_can_come_twice_in_the_wrong_order_and_with_names(orderer):
    orderer.switch(twice=True, reversed=True, all_names=True)
    order_id = orderer.order()
    orderer.act(order_id, "answer", {})
    orderer.world.http.post(f"/national-orders/{order_id}/digipost-delivered", json={})
    orderer.work()

    assert orderer.statuses == ["DigipostDelivered"] * 2 + ["Completed"] * 2
    assert {news["notificationChannel"] for news in orderer.heard} == {"None"}


def test_the_last_news_can_be_repeated_and_a_failure_come_after_ordered(orderer):
    order_id = orderer.order("Steinvik")
    orderer.work()
    for act in ("repeat", "paper-returned", "digipost-failed"):
        assert orderer.act(order_id, act).status_code == 200
    orderer.work()

    assert orderer.statuses == ["Ordered", "Ordered", "PhysicalMailReturned", "Error"]
    assert orderer.heard[-1]["formOrderStatusErrorCode"] == "SikkerDigitalPostError"


def test_a_delay_research_and_test_orders(orderer):
    orderer.switch(delay_seconds=60, research=True, research_refused=[orderer.world.person("Granlid").id])
    orderer.order()
    assert orderer.work() == 0
    orderer.world.clock.move(timedelta(minutes=1))
    orderer.work()
    assert orderer.heard[0]["formOrderStatusErrorCode"] == "PatientUnreachable"

    orderer.switch()
    orderer.order("Steinvik", testMode=True)
    assert orderer.work() == 0


def test_the_pages_show_orders_by_name_and_take_answers_from_a_form(orderer):
    order_id = orderer.order()
    orderer.work()
    page = orderer.world.http.get("/national-orders/")
    strict_html(page.text)
    assert "Kari Granlid" in page.text
    strict_html(orderer.world.http.get(f"/national-orders/{order_id}").text)

    posted = orderer.world.http.post(f"/national-orders/{order_id}/answer", data={"answers": '{"a": 1}'})
    assert posted.status_code == 303
    assert orderer.world.http.post(f"/national-orders/{order_id}/answer", data={"answers": "?"}).status_code == 400
    assert orderer.act(order_id, "nothing").status_code == 404
