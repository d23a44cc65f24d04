"""E-mail and SMS, each against the stand-in that checks what it gets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.eprom.gateways.email_sms import EmailSms
from services.eprom.pages import TRANSLATIONS
from services.eprom.usecases.messages import FIRST, REMINDER
from services.eprom.usecases.ports import Contact, OutsideUnavailable
from shared.web.texts import LANGUAGES, kit_texts
from tests.eprom.gateways.outside import LINK, MESSAGE_ID, NO_CONTACT, letter


def contact(outside, name, **changes):
    person = outside.person(name)
    return Contact("nb", **{"email": person.email, "mobile": person.mobile, **changes})


def send(outside, to, given=None):
    with outside.mail() as mail:
        return EmailSms(mail, outside.sms()).send(outside.recipient("Myrtveit"), to, given or letter())


@pytest.mark.req("EPR-04", "EPR-15")
def test_both_carry_the_link(outside):
    assert send(outside, contact(outside, "Myrtveit"))

    assert {message["channel"] for message in outside.inbox()} == {"sms", "email"}
    assert [message["links"] for message in outside.inbox()] == [[LINK], [LINK]]


@pytest.mark.req("EPR-04")
@pytest.mark.parametrize(("missing", "channel"), [("email", "sms"), ("mobile", "email")])
def test_one_of_them_is_enough(outside, missing, channel):
    assert send(outside, contact(outside, "Myrtveit", **{missing: None}))

    assert [message["channel"] for message in outside.inbox()] == [channel]


@pytest.mark.req("EPR-04")
def test_without_addresses_nobody_is_reached(outside):
    assert not send(outside, NO_CONTACT)


@pytest.mark.req("EPR-04")
def test_a_number_that_is_none_does_not_stop_the_mail(outside):
    assert send(outside, contact(outside, "Myrtveit", mobile="+4721000001"))
    assert not send(outside, contact(outside, "Myrtveit", mobile="+4721000001", email=None))


@pytest.mark.req("EPR-14", "EPR-15")
@pytest.mark.parametrize(("standin", "fault"), [("sms", "503"), ("sms", "lost_reply"), ("smtp", "503")])
def test_after_an_outage_each_has_one_message(outside, standin, fault):
    to = contact(outside, "Myrtveit")
    outside.fail(standin, fault)
    with pytest.raises(OutsideUnavailable):
        send(outside, to)

    assert send(outside, to)
    assert sorted(message["channel"] for message in outside.inbox()) == ["email", "sms"]


@pytest.mark.req("EPR-14")
def test_a_mail_repeated_because_nobody_noted_it_is_known_by_its_message_id(outside):
    to = contact(outside, "Myrtveit", mobile=None)
    assert send(outside, to)
    outside.clock.move(timedelta(minutes=10))
    assert send(outside, to)

    assert [line["status"] for line in outside.asked("smtp")] == [250, 250]
    assert [message["message_id"] for message in outside.inbox()] == [MESSAGE_ID]


@pytest.mark.req("EPR-15")
def test_a_mail_server_that_is_away_is_an_outage(outside):
    with outside.mail() as mail:
        pass
    with pytest.raises(OutsideUnavailable, match="mail"):
        EmailSms(mail, outside.sms()).send(outside.recipient("Myrtveit"), contact(outside, "Myrtveit"), letter())


@pytest.mark.req("EPR-04")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [FIRST, REMINDER])
def test_no_message_speaks_of_health_department_or_registry(outside, kind, language):
    texts = kit_texts([TRANSLATIONS])
    words = {name: texts.text(f"message.{kind}.{name}", language) for name in ("title", "text", "button")}

    assert send(outside, contact(outside, "Myrtveit"), letter(**words))
