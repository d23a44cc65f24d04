"""What counts of what eprom tells."""

from __future__ import annotations

import pytest

from services.registration.domain.patient_form import PatientFormState as S
from services.registration.domain.patient_form import Told, after


def told(state, order_id="a", **more):
    return Told(order_id=order_id, state=state, **more)


@pytest.mark.req("REG-22")
@pytest.mark.parametrize(
    ("known", "news", "expected"),
    [
        (None, S.ORDERED, S.ORDERED),
        (S.ORDERED, S.SENT, S.SENT),
        (S.SENT, S.REMINDED, S.REMINDED),
        (S.REMINDED, S.EXPIRED, S.EXPIRED),
        (S.REMINDED, S.ANSWERED, S.ANSWERED),
        (S.ORDERED, S.UNDELIVERED, S.UNDELIVERED),
    ],
)
def test_the_newest_of_an_order_counts(known, news, expected):
    assert after(known and told(known), told(news)).state is expected


def test_what_is_stored_stays_stored():
    assert after(told(S.STORED), told(S.EXPIRED)) is None


def test_a_form_that_nobody_could_be_sent_is_shown_as_such_when_its_order_ends():
    assert after(told(S.UNDELIVERED), told(S.STOPPED)) is None
    assert after(told(S.UNDELIVERED), told(S.STOPPED, reason=4)).reason == 4


@pytest.mark.parametrize("known", [S.EXPIRED, S.STOPPED, S.UNDELIVERED, S.ORDERED])
def test_a_new_order_takes_the_place_of_an_older_one(known):
    assert after(told(known), told(S.ORDERED, "b")).order_id == "b"


@pytest.mark.parametrize(("known", "news"), [(S.ANSWERED, S.ORDERED), (S.STORED, S.ORDERED), (S.ORDERED, S.SENT)])
def test_another_order_never_touches_answers_or_a_newer_order(known, news):
    assert after(told(known), told(news, "b")) is None


def test_the_channel_is_remembered():
    assert after(told(S.SENT, channel="digipost"), told(S.REMINDED)).channel == "digipost"
