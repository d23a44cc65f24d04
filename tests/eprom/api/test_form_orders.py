"""Other registries order our forms by the national interface, and hear what becomes of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from services.eprom.domain.national import NOBODY
from services.eprom.domain.outside_orders import form_id
from services.eprom.usecases.answer_form import decline_form, save_answers, submit_answers
from services.eprom.usecases.orderers import remove_orderer
from tests.eprom.outside_site import OutsideSite
from tests.eprom.pages.patient import answer, log_in, use_link
from tests.eprom.site import INGER, KARI, NUMBERS, OLA, SOLVEIG
from tests.eprom.usecases.world import DISPATCH

ANSWERED = {"form": "pasreg", "version": 1, "answers": {"sleep_before_admission": 3}, "confirmed": [], "context": {}}

SITE = OutsideSite
pytestmark = pytest.mark.req("EPR-15", "GEN-04")


def answered(site, order_id):
    save_answers(order_id, lambda _: ANSWERED, definition_version=1, uow=site.uow)
    submit_answers(order_id, uow=site.uow)


def test_an_order_is_echoed_and_the_form_reaches_the_person(both):
    body = both.body()
    answer = both.post(body).json
    assert {name: answer[name] for name in body} == body
    assert (answer["singleUseCode"], answer["notificationChannel"]) == (None, 1)

    both.work()
    (news,) = both.orderer.heard
    assert (news["formOrderId"], news["formOrderStatus"], news["notificationChannel"]) == (answer["id"], "Ordered", 1)
    assert (news["apiKey"], news["timestampUtc"]) == (both.key, "2026-11-23T11:30:00Z")
    assert [message["channel"] for message in both.inbox()] == ["helsenorge"]


def test_answers_leave_with_the_news_and_are_erased_here_with_the_claim(both):
    order_id = both.ordered()
    both.work()
    answered(both, order_id)
    both.orderer.says = {"success": False}
    both.work()
    assert both.answers(order_id) is not None
    both.orderer.says = {"success": True}
    both.work(minutes=5)

    news = both.orderer.heard[-1]
    assert (news["formOrderStatus"], json.loads(news["formData"])) == ("Completed", {"sleep_before_admission": 3})
    assert (both.row(order_id).state, both.answers(order_id)) == ("stored", None)
    assert set(both.claims.values()) == {None}


@pytest.mark.parametrize(
    ("pid", "rule", "way"),
    [
        (KARI, "Basic", 1),
        (OLA, 0, 2),
        (OLA, "DigitalMailboxOnly", 2),
        (SOLVEIG, "AllowUnsecure", 3),
        (SOLVEIG, "Basic", None),
        (OLA, "HelsenorgeOnly", None),
        (INGER, "allowunsecure", None),
    ],
)
def test_the_rule_says_which_ways_are_tried(site, pid, rule, way):
    with site.mail_runs():
        site.ordered(pid, distributionRule=rule)
        site.work()

    (news,) = site.orderer.heard
    told = (news["formOrderStatus"], news["formOrderStatusErrorCode"], news["notificationChannel"])
    assert told == (("Ordered", "None", way) if way else ("Error", "PatientUnreachable", 0))
    assert set(site.claims.values()) == ({NUMBERS[pid]} if way else {None})


def test_the_orderers_own_deadline_counts_and_nobody_is_reminded(both):
    order_id = both.ordered()
    both.work()
    (message,) = both.inbox()
    assert datetime.fromisoformat(message["deadline"]) == DISPATCH + timedelta(days=30, hours=-4, seconds=-1)
    both.work(days=29)
    assert (both.row(order_id).state, len(both.inbox())) == ("sent", 1)

    both.work(days=1)
    both.work(minutes=1)
    assert (both.row(order_id).state, both.orderer.statuses) == ("stopped", ["Ordered", "Expired"])
    assert set(both.claims.values()) == {None}


def test_who_declines_lets_the_order_run_out(site):
    order_id = site.ordered()
    site.work()
    decline_form(order_id, schedules=site.means.schedules, uow=site.uow)
    site.work()

    assert site.orderer.statuses == ["Ordered", "Expired"]


@pytest.mark.req("EPR-10")
def test_of_who_is_dead_no_reason_is_told(site):
    site.ordered()
    site.alive.clear()
    site.work()

    (news,) = site.orderer.heard
    assert (news["formOrderStatus"], news["formOrderStatusErrorCode"]) == ("Error", "PatientUnreachable")


def test_an_unknown_number_makes_no_order(site):
    answer = site.post(site.body(nationalId="01810000000"))

    assert (answer.status_code, answer.json["id"], answer.json["notificationChannel"]) == (200, NOBODY, 0)
    assert not site.orders()


@pytest.mark.parametrize("header", ["", "Basic", "Basic wrong", "Bearer {key}", "{key}", "Basic {key}x"])
def test_without_the_key_nothing_is_ordered(site, header):
    assert site.post(site.body(), Authorization=header.format(key=site.key)).status_code == 401
    assert not site.orders()
    assert not site.claims


def test_a_key_that_was_taken_away_is_worth_nothing_and_old_orders_are_still_told_of(site):
    site.ordered()
    remove_orderer("nakke", uow=site.uow)
    assert site.post(site.body()).status_code == 401

    site.work()
    assert site.orderer.statuses == ["Ordered"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"formId": "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0001"}, "form_unknown"),
        ({"formId": form_id("smertereg", "b11", 1)}, "form_unknown"),
        ({"formId": form_id("smertereg", "hads", 1)}, "form_not_published"),
        ({"nationalId": "17455749815"}, "number_of_a_kind_not_taken"),
        ({"nationalId": "87855749815"}, "number_of_a_kind_not_taken"),
        ({"nationalId": "1785574981"}, "number_malformed"),
        ({"nationalId": None}, "field_missing"),
        ({"expiryDate": "soon"}, "expiry_malformed"),
        ({"expiryDate": "2026-11-23T11:29:59Z"}, "expiry_is_over"),
        ({"distributionRule": "NoDistribution"}, "rule_not_supported"),
        ({"distributionRule": "PaperOnly"}, "rule_not_supported"),
        ({"distributionRule": 9}, "rule_not_supported"),
        ({"metadata": "{"}, "metadata_not_json"),
        ({"metadata": {"a": 1}}, "metadata_not_json"),
        ({"mustBeSigned": True}, "not_supported"),
        ({"onBehalfOfNationalId": "17855749815"}, "not_supported"),
        ({"testMode": True}, "not_supported"),
    ],
)
def test_a_malformed_order_is_refused_in_plain_text(site, changes, code):
    answer = site.post(site.body(**changes))

    assert (answer.status_code, answer.text, answer.mimetype) == (400, code, "text/plain")
    assert not site.orders()
    assert not site.claims


def test_a_body_that_is_no_order_is_refused(site):
    assert site.post(["formId"]).status_code == 400
    assert site.post(None).status_code == 400


def test_while_registration_is_away_nothing_is_taken(site):
    site.http.get_adapter("http://localhost:8002").is_down = True

    assert site.post(site.body()).status_code == 503
    assert not site.orders()


def test_no_number_and_no_key_is_kept(site, tmp_path):
    site.ordered()
    site.work()
    site.database.engine.dispose()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("eprom.sqlite*"))
    assert b"nakke" in kept
    assert NUMBERS[KARI].encode() not in kept
    assert site.key.encode() not in kept


@pytest.mark.req("EPR-09")
def test_registration_is_not_given_the_answers_of_others(site):
    order_id = site.ordered()
    site.work()
    answered(site, order_id)

    assert site.events()[-1].course_id == 0
    assert site.visitor().get(f"/api/answers/{order_id}", headers=site.bearer("registration")).status_code == 404


@pytest.mark.req("EPR-01", "GEN-06")
def test_only_the_person_who_was_asked_opens_the_form_and_answers_it(site):
    order_id = site.ordered()
    site.work()
    other = site.visitor()
    use_link(site, other, order_id)
    assert log_in(site, other, f"/form/{order_id}", NUMBERS[OLA]).status_code == 403

    browser = site.visitor()
    use_link(site, browser, order_id)
    assert log_in(site, browser, f"/form/{order_id}", NUMBERS[KARI]).status_code == 303
    answer(browser, order_id, "sleep_before_admission", "3")
    assert site.answers(order_id).document["answers"]["sleep_before_admission"] == 3
    assert (site.log()[-1].pid, site.log()[-1].object) == (site.row(order_id).pid, "form:pasreg")
    assert site.row(order_id).pid < 0


def test_news_that_nobody_takes_are_told_again_for_hours(site):
    site.ordered()
    site.orderer.says = {"success": False}
    site.work()
    for _ in range(6):
        site.work(minutes=3)
    assert len(site.orderer.heard) >= 5

    site.orderer.says = {"success": True}
    site.work(hours=2)
    count = len(site.orderer.heard)
    site.clock.move(timedelta(hours=2))
    site.work()
    assert len(site.orderer.heard) == count
