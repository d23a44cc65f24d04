"""The worker sends, reminds and locks by the calendar of Oslo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.eprom.site import INGER, KARI, NUMBERS, OLA, SOLVEIG
from tests.eprom.usecases.world import DISPATCH

MORNING = datetime(2026, 11, 27, 8, tzinfo=UTC)
AFTER_THE_END = datetime(2026, 11, 29, 23, 5, tzinfo=UTC)


@pytest.mark.req("EPR-03", "EPR-04")
def test_the_dispatch_of_the_day_reaches_each_person_the_first_way_there_is(both):
    with both.mail_runs():
        orders = {pid: both.order(pid, course_id=pid) for pid in (KARI, OLA, SOLVEIG)}
        both.work_until(DISPATCH - timedelta(minutes=1))
        assert both.inbox() == []
        both.work_until(DISPATCH)

    assert {pid: both.row(order).channel for pid, order in orders.items()} == {
        KARI: "helsenorge",
        OLA: "digipost",
        SOLVEIG: "email_sms",
    }
    assert len(both.inbox()) == 4


@pytest.mark.req("EPR-04")
def test_the_contact_register_is_asked_once_for_a_whole_dispatch(site):
    orders = [site.order(pid, course_id=pid) for pid in (KARI, OLA)]
    site.work_until(DISPATCH)

    asked = site.standins.test_client().get("/requests.json", query_string={"standin": "krr"}).json["requests"]
    assert [line["path"] for line in asked] == ["/krr/rest/v2/personer"]
    assert {site.row(order_id).state for order_id in orders} == {"sent"}


@pytest.mark.req("EPR-04", "EPR-08")
def test_the_message_carries_the_link_in_the_person_s_language(site):
    with site.mail_runs():
        order_id = site.sent(SOLVEIG)

    messages = site.inbox()
    assert [message["links"] for message in messages] == [[f"http://localhost/s/{site.token(order_id)}"]] * 2
    assert all("Opne" in m["text"] or "nokre spørsmål" in m["text"] for m in messages)


@pytest.mark.req("EPR-02")
def test_the_two_forms_of_a_dispatch_leave_two_minutes_apart(site):
    first, second = site.order(form="pasreg"), site.order(form="hads")
    with site.uow() as store:
        store.order(second).due_at = DISPATCH + timedelta(minutes=2)
    site.work_until(DISPATCH)
    assert (site.row(first).state, site.row(second).state) == ("sent", "waiting")

    site.work_until(DISPATCH + timedelta(minutes=2))
    assert site.row(second).state == "sent"


@pytest.mark.req("EPR-03")
def test_after_downtime_the_missed_dispatch_is_made_once(site):
    order_id = site.order()
    site.work_until(DISPATCH + timedelta(hours=30))

    assert site.row(order_id).state == "sent"
    assert len(site.inbox()) == 1


@pytest.mark.req("EPR-05")
def test_one_reminder_and_then_the_lock_with_the_register_s_code(site):
    order_id = site.sent()
    site.work_until(MORNING - timedelta(days=1))
    site.work_until(MORNING - timedelta(minutes=1))
    assert len(site.inbox()) == 1

    site.work_until(MORNING)
    assert len(site.inbox()) == 2
    site.work_until(AFTER_THE_END - timedelta(minutes=10))
    assert site.row(order_id).state == "reminded"

    site.work_until(AFTER_THE_END)
    assert (site.row(order_id).state, site.row(order_id).reason) == ("expired", 7)
    assert site.event_names() == ["FormOrdered", "FormSent", "ReminderSent", "FormExpired"]


@pytest.mark.req("EPR-14", "EPR-15")
@pytest.mark.parametrize("standin", ["krr", "maskinporten", "helseid", "helsenorge"])
@pytest.mark.parametrize("fault", ["503", "lost_reply"])
def test_after_an_outage_the_message_is_sent_once_the_same_way(site, standin, fault):
    site.fail(standin, fault, times=2)
    order_id = site.sent()
    site.work_until(site.clock.now() + timedelta(minutes=5))
    site.work_until(site.clock.now() + timedelta(minutes=5))

    assert site.row(order_id).channel == "helsenorge"
    assert len(site.inbox()) == 1


@pytest.mark.req("EPR-04", "EPR-10")
def test_who_cannot_be_reached_is_told_to_registration_and_who_is_gone_is_not_written_to(site):
    unreachable, gone = site.order(INGER), site.order(KARI, course_id=2)
    site.registration.numbers.pop(KARI)
    site.work_until(DISPATCH)

    assert (site.row(unreachable).state, site.row(gone).state) == ("unreachable", "stopped")
    assert site.event_names().count("DeliveryFailed") == 1
    assert site.inbox() == []


@pytest.mark.req("GEN-04", "EPR-04")
def test_numbers_and_addresses_are_kept_nowhere(site, tmp_path):
    site.sent()
    site.database.engine.dispose()

    kept = b"".join(path.read_bytes() for path in tmp_path.glob("eprom.sqlite*"))
    assert NUMBERS[KARI].encode() not in kept
    assert site.token(site.order()).encode() not in kept


@pytest.mark.req("EPR-05", "EPR-14", "EPR-15")
def test_after_an_outage_of_a_night_both_messages_still_come_and_the_clinicians_are_told(site):
    order_id = site.order()
    site.fail("helsenorge", times=60)
    site.work_until(DISPATCH)
    for _ in range(14):
        site.work_until(site.clock.now() + timedelta(hours=1, minutes=20))
    assert site.row(order_id).state == "waiting"

    site.standins.test_client().delete("/faults")
    site.work_until(DISPATCH + timedelta(days=1))
    assert site.event_names() == ["FormOrdered", "DeliveryFailed", "FormSent"]
    assert len(site.inbox()) == 1

    site.fail("helsenorge", times=60)
    for days in (4, 5):
        site.work_until(MORNING + timedelta(days=days - 3))
    site.standins.test_client().delete("/faults")
    site.work_until(MORNING + timedelta(days=3))
    assert site.row(order_id).state == "reminded"
    assert len(site.inbox()) == 2
