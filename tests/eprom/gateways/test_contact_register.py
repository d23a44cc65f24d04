"""How a person can be reached is asked of KRR each time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.eprom.usecases.ports import OutsideUnavailable

FAULTS = ("500", "503", "429", "malformed", "lost_reply")


@pytest.mark.req("EPR-04", "EPR-15")
def test_addresses_and_language_come_from_the_register(outside):
    person = outside.person("Myrtveit")
    contact = outside.krr().look_up(outside.recipient("Myrtveit"))

    assert (contact.email, contact.mobile, contact.language) == (person.email, person.mobile, "nn")
    assert not contact.is_reserved


@pytest.mark.req("EPR-04")
def test_a_language_without_texts_becomes_norwegian(outside):
    assert outside.krr().look_up(outside.recipient("Vuolajohka")).language == "nb"


@pytest.mark.req("EPR-04")
@pytest.mark.parametrize(("name", "is_reserved"), [("Havnås", True), ("Bjørkmo", False), ("Fjellstrand", False)])
def test_addresses_that_may_not_be_used_are_dropped(outside, name, is_reserved):
    contact = outside.krr().look_up(outside.recipient(name))

    assert (contact.email, contact.mobile, contact.is_reserved) == (None, None, is_reserved)


@pytest.mark.req("EPR-15")
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("standin", ["krr", "maskinporten"])
def test_an_outage_is_told_and_over_the_next_time(outside, standin, fault):
    krr, person = outside.krr(), outside.recipient("Myrtveit")
    outside.fail(standin, fault)

    with pytest.raises(OutsideUnavailable):
        krr.look_up(person)
    assert krr.look_up(person).mobile


@pytest.mark.req("EPR-15")
def test_one_token_serves_until_shortly_before_its_end(outside):
    krr, person = outside.krr(), outside.recipient("Myrtveit")
    for minutes in (0, 1, 1):
        outside.clock.move(timedelta(minutes=minutes))
        krr.look_up(person)

    assert sum(line["method"] == "POST" for line in outside.asked("maskinporten")) == 2


@pytest.mark.req("GEN-04")
def test_what_was_found_is_not_shown_by_accident(outside):
    recipient = outside.recipient("Myrtveit")
    contact = outside.krr().look_up(recipient)

    assert contact.mobile not in repr(contact)
    assert recipient.number not in repr(recipient)
    assert all(recipient.number not in request.url for request in outside.line.sent)
