"""Answers that no browser gives: refused without breaking anything."""

from __future__ import annotations

from random import Random

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.passkeys import KnownPasskey
from tests.identity.device import Device
from tests.identity.factors import PASSKEYS

pytestmark = pytest.mark.req("IDN-13")
MANY = 1500
SIGNS = 'AZ09-_{}[],:"\\\\=%å\0'
FIXED = ("", "null", "[]", "{}", "0", "[" * 19_000, '{"a":' * 3000, '{"id": 1}', "x" * 30_000, "\ud800")


def bent(answer):
    """The fixed ones, and many with one sign or a stretch of signs changed."""
    random = Random(20261121)
    yield from FIXED
    yield from (answer[: random.randrange(len(answer))] for _ in range(20))
    for _ in range(MANY):
        at, length = random.randrange(len(answer)), random.choice((1, 1, 4, 40))
        yield answer[:at] + "".join(random.choices(SIGNS, k=length)) + answer[at + length :]


def refusals(act, answers):
    found = 0
    for answer in answers:
        try:
            act(answer)
        except RuleBroken as broken:
            assert broken.code == "passkey_refused"
            found += 1
    return found


def enrolled(device):
    asked = PASSKEYS.enrol("kari", handle=b"h" * 32, known=[])
    return asked, device.create(asked.options)


def test_bent_enrolments_are_refused():
    asked, answer = enrolled(Device())
    assert PASSKEYS.read_enrolment(asked.value, answer).transports == ("hybrid", "internal")

    assert refusals(lambda text: PASSKEYS.read_enrolment(asked.value, text), bent(answer)) > MANY / 2


def test_bent_answers_are_refused():
    device = Device()
    asked, answer = enrolled(device)
    made = PASSKEYS.read_enrolment(asked.value, answer)
    known = KnownPasskey(credential_id=made.credential_id, public_key=made.public_key, handle=device.handle)
    asked = PASSKEYS.ask([known])
    answer = device.get(asked.options)
    assert PASSKEYS.check(asked.value, answer, known, is_alone=True) == 1

    assert refusals(lambda text: PASSKEYS.check(asked.value, text, known, is_alone=True), bent(answer)) > MANY / 2
    assert {type(PASSKEYS.credential_of(text)) for text in bent(answer)} <= {bytes, type(None)}
