"""News of the national ePROM become states of orders here, and its answers go the way of patients' own."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from services.eprom.domain.order import OrderState
from services.eprom.usecases.place_order import stop_orders
from tests.eprom.national_site import NationalSite
from tests.eprom.site import INGER, KARI, NUMBERS, OLA, SOLVEIG
from tests.eprom.usecases.world import DISPATCH

ANSWERS = {"sleep_before_admission": 3, "sleep_after_admission": "2"}

SITE = NationalSite
pytestmark = pytest.mark.req("EPR-04", "EPR-15")


def ordered(site, pid=KARI, form="pasreg"):
    """A form ordered there, before anything was told."""
    order_id = site.order(pid, form)
    site.dispatch()
    return order_id


def told(site, **news):
    order = site.orders()[0]
    answer = site.put(**{"formOrderId": order["id"], **news})
    site.worker.jobs.run_due()
    return answer


def test_an_order_is_sent_when_they_tell_that_it_reached_the_person(both):
    order_id = ordered(both)
    assert (both.row(order_id).state, both.standing(order_id)) == ("waiting", ("taken", None))

    assert both.tell() == 1
    assert (both.row(order_id).state, both.row(order_id).channel) == ("sent", "national")
    assert both.standing(order_id) == ("reached", "Helsenorge")
    assert both.event_names() == ["FormOrdered", "FormSent"]
    assert both.orders()[0]["expires_at"].startswith("2026-11-29T22:59:59")


def test_who_they_cannot_reach_is_left_to_the_next_channel(both):
    order_id = ordered(both, SOLVEIG)
    with both.mail_runs():
        both.tell()

    assert (both.row(order_id).state, both.row(order_id).channel) == ("sent", "email_sms")
    assert both.standing(order_id) == ("unreachable", None)
    assert {message["channel"] for message in both.inbox()} == {"email", "sms"}


@pytest.mark.req("EPR-09")
def test_answers_are_handed_on_and_erased_like_a_patients_own(both):
    order_id = ordered(both)
    both.tell()
    both.act("answer", {**ANSWERS, "registered_date": "1900-01-01", "no_such_field": 1, "pain_will_last": 99})
    both.tell()

    kept = both.answers(order_id).document["answers"]
    assert (both.row(order_id).state, both.event_names()[-1]) == ("answered", "FormAnswered")
    assert {name: kept[name] for name in ANSWERS} == {"sleep_before_admission": 3, "sleep_after_admission": 2}
    assert (kept["complete"], kept["registered_date"]) == (1, "2026-11-23")
    assert not {"no_such_field", "pain_will_last"} & kept.keys()
    fetched = both.visitor().get(f"/api/answers/{order_id}", headers=both.bearer("registration"))
    assert fetched.json["document"]["answers"] == kept
    assert [(one["field"], one["value"]) for one in fetched.json["misfits"]] == [
        ("pain_will_last", "99"),
        ("no_such_field", ""),
        ("registered_date", ""),
    ]


@pytest.mark.req("EPR-09", "GEN-04")
@pytest.mark.parametrize(
    ("warnings", "kept"),
    [
        ([{"FieldName": "pain_will_last", "warning": "Out of range"}], [("pain_will_last", "", "Out of range")]),
        ([{"fieldName": "x" * 99, "warning": "y" * 999}], [("x" * 60, "", "y" * 200)]),
        ([{"fieldName": "a"}, "b", None], []),
        ("nonsense", []),
        (None, []),
    ],
)
def test_what_they_say_of_single_fields_goes_along(site, warnings, kept):
    order_id = ordered(site)
    site.tell()
    told(site, formOrderStatus="Completed", formData=json.dumps(ANSWERS), formDataWarnings=warnings)

    fetched = site.visitor().get(f"/api/answers/{order_id}", headers=site.bearer("registration")).json
    assert [tuple(one.values()) for one in fetched["misfits"]] == kept


@pytest.mark.req("GEN-04")
def test_what_may_be_somebodys_number_is_named_and_not_kept(site):
    order_id = ordered(site)
    site.tell()
    told(site, formOrderStatus="Completed", formData=json.dumps({**ANSWERS, "pain_will_last": NUMBERS[KARI]}))

    fetched = site.visitor().get(f"/api/answers/{order_id}", headers=site.bearer("registration")).json
    assert fetched["misfits"] == [{"field": "pain_will_last", "value": "", "warning": ""}]


@pytest.mark.req("EPR-14")
def test_twice_in_the_wrong_order_and_by_name_the_end_is_the_same(both):
    both.switch(twice=True, reversed=True, all_names=True)
    order_id = ordered(both)
    both.app.before_request_funcs.setdefault(None, []).append(lambda: ("", 503))
    both.tell()
    both.act("answer", ANSWERS)
    both.app.before_request_funcs[None].pop()
    both.clock.move(timedelta(minutes=2))
    both.tell_until_heard()

    assert both.row(order_id).state == "answered"
    assert both.event_names() == ["FormOrdered", "FormSent", "FormAnswered"]
    assert both.national.get("/national-orders/all.json").json["waiting"] == 0


def test_who_nobody_reaches_is_told_to_the_clinicians(site):
    order_id = ordered(site, INGER)
    site.tell()

    assert (site.row(order_id).state, site.event_names()[-1]) == ("unreachable", "DeliveryFailed")


def test_who_does_not_answer_is_told_with_the_registers_code(site):
    order_id = ordered(site)
    site.tell()
    site.act("expire")
    site.tell()

    assert (site.row(order_id).state, site.row(order_id).reason) == ("stopped", 7)
    assert site.events()[-1].reason == 7


@pytest.mark.req("EPR-05")
def test_nobody_is_reminded_of_a_form_that_lies_there_and_its_end_is_not_waited_for_for_ever(site):
    order_id = ordered(site)
    site.tell()
    site.work_until(DISPATCH + timedelta(days=12))
    assert site.row(order_id).state == "sent"
    assert len(site.inbox()) == 1

    site.work_until(DISPATCH + timedelta(days=14))
    assert (site.row(order_id).state, site.row(order_id).reason) == ("stopped", 7)


@pytest.mark.parametrize("act", ["digipost-failed", "paper-returned"])
def test_what_is_lost_after_it_was_sent_is_told_to_the_clinicians_once(site, act):
    order_id = ordered(site, OLA)
    site.tell()
    for _ in range(2):
        site.act(act)
        site.tell()

    assert site.row(order_id).state == "sent"
    assert site.event_names() == ["FormOrdered", "FormSent", "DeliveryFailed"]


def test_a_delivery_at_digipost_changes_nothing(site):
    order_id = ordered(site, OLA)
    site.tell()
    site.act("digipost-delivered")

    assert (site.tell(), site.row(order_id).state) == (1, "sent")


@pytest.mark.req("EPR-10")
def test_answers_of_who_is_no_longer_asked_are_not_kept(site):
    order_id = ordered(site)
    site.tell()
    stop_orders(1, reason=3, uow=site.uow)
    site.act("answer", ANSWERS)

    assert (site.tell(), site.answers(order_id)) == (1, None)
    assert site.row(order_id).state == "stopped"


@pytest.mark.req("EPR-14")
def test_an_order_of_unknown_outcome_is_shown_and_not_placed_again(both):
    both.fail("national", "lost_reply")
    order_id = ordered(both)
    both.work_until(DISPATCH + timedelta(days=2))

    assert (both.row(order_id).state, both.row(order_id).code) == (OrderState.FAILED, "unknown_outcome")
    assert (both.events()[-1].channel, both.events()[-1].code) == ("national", "unknown_outcome")
    assert len(both.orders()) == 1
    assert both.tell() == 0  # news of an order that nobody here knows are not acknowledged


def test_the_channel_of_an_order_by_hand_stands(site):
    with site.mail_runs():
        order_id = site.order()
        with site.uow() as store:
            store.order(order_id).asked_channel = "email_sms"
        site.dispatch()

    assert site.row(order_id).channel == "email_sms"
    assert not site.orders()


@pytest.mark.parametrize("key", ["", "wrong", "æ", None, 5])
def test_news_without_the_key_are_refused(site, key):
    order_id = ordered(site)
    answer = told(site, formOrderStatus="Completed", formData="{}", apiKey=key)

    assert answer.status_code in (403, 422)
    assert site.standing(order_id) == ("taken", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"formOrderStatus": "Lost"},
        {"formOrderStatus": 6},
        {"formOrderStatus": True},
        {"formOrderStatus": None},
        {"formOrderStatus": "Ordered", "notificationChannel": "Pigeon"},
        {"formOrderStatus": "Ordered", "formOrderId": "7"},
        {"formOrderStatus": "Completed", "formData": {"a": 1}},
        {"formOrderStatus": "Completed", "formData": "[]"},
        {"formOrderStatus": "Completed", "formData": "{"},
    ],
)
def test_news_that_make_no_sense_are_refused(site, wrong):
    order_id = ordered(site)

    assert told(site, **wrong).status_code == 422
    assert site.standing(order_id) == ("taken", None)


@pytest.mark.parametrize("news", [{"FORMORDERSTATUS": "ordered", "notificationchannel": "HELSENORGE"}])
@pytest.mark.parametrize("more", [{}, {"timestamp": "2026-11-23T16:30:00", "formOrderStatusErrorCode": 0}])
def test_names_are_known_in_any_case_and_codes_as_names_or_numbers(site, news, more):
    order_id = ordered(site)

    assert told(site, **news, **more).json == {"success": True}
    assert site.standing(order_id) == ("reached", "Helsenorge")


def test_news_of_an_order_nobody_knows_are_not_acknowledged(site):
    answer = site.put(formOrderId="3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0001", formOrderStatus=2)

    assert (answer.status_code, answer.json) == (200, {"success": False})


@pytest.mark.req("GEN-04")
def test_no_number_of_who_filled_in_is_kept(site, tmp_path):
    ordered(site)
    site.tell()
    site.act("answer", ANSWERS)
    site.tell()
    site.database.engine.dispose()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("eprom.sqlite*"))
    assert b"sleep_before_admission" in kept
    assert NUMBERS[KARI].encode() not in kept
