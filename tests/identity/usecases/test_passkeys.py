"""Passkeys, as second factor and alone: each challenge once, for its purpose, user, place and time."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.identity.domain.errors import FormRefused, MustWait, NotFound, RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.usecases.begin_step_up import begin_step_up
from services.identity.usecases.change_passkey import remove_passkey, rename_passkey
from services.identity.usecases.choose_role import choose_role
from services.identity.usecases.confirm_code import confirm_step_up
from services.identity.usecases.enrol_passkey import add_passkey, offer_passkey
from services.identity.usecases.proofs import PasskeyAnswer
from tests.identity.device import PRESENT, VERIFIED, Device
from tests.identity.factors import (
    PASSKEYS,
    alone,
    amr_of,
    answer_of,
    asked_any,
    asked_second,
    confirm,
    factors_of,
    heard,
    told,
    with_passkey,
)
from tests.identity.world import THERE

pytestmark = pytest.mark.req("IDN-13")


def with_kari(identity):
    """Kari, logged in, with a passkey on her telephone."""
    identity.user_id = identity.add("kari")
    identity.done = identity.log_in("kari")
    identity.device = with_passkey(identity, identity.done)
    identity.sent()
    return identity


@pytest.fixture
def kari(identity):
    return with_kari(identity)


@pytest.fixture
def quick(lite):
    return with_kari(lite)


def stranger(identity):
    """Somebody else with a passkey."""
    identity.add("siri")
    return with_passkey(identity, identity.log_in("siri"))


def test_a_passkey_is_the_second_factor_after_the_password(kari):
    begun = kari.start("kari")
    assert kari.sent("sms") == []

    done = confirm(kari, begun, answer_of(kari.device, asked_second(kari, begun)))

    assert (done.user_id, amr_of(kari, done.sid)) == (kari.user_id, "pwd pop user mfa")
    assert factors_of(kari, kari.user_id).passkeys[0].used_at == kari.clock.now()


def test_a_passkey_alone_logs_in(kari):
    asked = asked_any(kari)
    assert json.loads(asked.options)["allowCredentials"] == []
    assert json.loads(asked.options)["userVerification"] == "required"

    done = alone(kari, asked.value, kari.device.get(asked.options))

    assert (done.user_id, amr_of(kari, done.sid)) == (kari.user_id, "pop user mfa")


def test_a_change_of_role_keeps_how_the_log_in_was_made(quick):
    with quick.uow() as store:
        store.users.grant(quick.user_id, RoleCode.LC, THERE, by=None)
        first, second = (row.role_id for row in store.users.roles_of(quick.user_id))
    asked = asked_any(quick)
    done = alone(quick, asked.value, quick.device.get(asked.options))
    choose_role(done.sid, first, uow=quick.uow)

    assert amr_of(quick, choose_role(done.sid, second, uow=quick.uow)) == "pop user mfa"


def test_a_passkey_makes_a_log_in_fresh(kari):
    kari.move(hours=1)
    begun = begin_step_up(kari.done.sid, messages=kari.messages, hasher=kari.hasher, uow=kari.uow)

    confirm_step_up(begun.attempt, answer_of(kari.device, asked_second(kari, begun)), sid=kari.done.sid, **told(kari))

    with kari.uow() as store:
        row = store.log_ins.sign_on(kari.done.sid)
        assert (row.authenticated_at, row.amr) == (kari.clock.now(), "pwd sms pop user mfa")


# What somebody's device answers who is not the owner at the right place.
HOSTILE = {
    "unknown passkey": {"credential_id": b"x" * 32},
    "another key": {"key": Device().key},
    "user not verified": {"flags": PRESENT},
    "user not present": {"flags": VERIFIED},
    "another owner named": {"handle": b"y" * 32},
    "wrong origin": {"origin": "http://localhost:9999"},
    "origin with another scheme": {"origin": "https://localhost:8001"},
    "origin below ours": {"origin": "http://evil.localhost:8001"},
    "wrong site": {"site": "evil.example"},
}


def spoil(device, how):
    for name, value in HOSTILE[how].items():
        setattr(device, name, value)


@pytest.mark.parametrize("how", HOSTILE)
def test_a_spoilt_answer_logs_nobody_in(quick, how):
    spoil(quick.device, how)
    asked = asked_any(quick)

    assert heard(alone, quick, asked.value, quick.device.get(asked.options)) == "passkey_refused"


@pytest.mark.parametrize("how", HOSTILE)
def test_a_spoilt_answer_is_no_second_factor_and_counts_as_a_try(quick, how):
    begun = quick.start("kari")
    spoil(quick.device, how)

    for _ in range(5):
        assert heard(confirm, quick, begun, answer_of(quick.device, asked_second(quick, begun))) == "passkey_refused"
    assert heard(asked_second, quick, begun) == "too_many_wrong_codes"
    assert heard(confirm, quick, begun, PasskeyAnswer("", "", PASSKEYS)) == "too_many_wrong_codes"


def test_a_passkey_alone_must_name_its_owner_and_answer_its_own_challenge(quick):
    other, asked = asked_any(quick), asked_any(quick)
    assert heard(alone, quick, asked.value, quick.device.get(other.options)) == "passkey_refused"
    quick.device.handle = b""
    asked = asked_any(quick)

    assert heard(alone, quick, asked.value, quick.device.get(asked.options)) == "passkey_refused"
    begun = quick.start("kari")
    assert heard(confirm, quick, begun, answer_of(quick.device, asked_second(quick, begun))) == "in"


def test_a_challenge_is_good_once_even_for_many_at_once(kari):
    asked = asked_any(kari)
    answer = kari.device.get(asked.options)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: heard(alone, kari, asked.value, answer), range(8)))
    assert sorted(answers) == ["in"] + ["passkey_refused"] * 7


def test_a_challenge_is_over_after_five_minutes(kari):
    asked = asked_any(kari)
    kari.move(minutes=5)

    assert heard(alone, kari, asked.value, kari.device.get(asked.options)) == "passkey_refused"


def test_a_challenge_is_good_for_its_purpose_and_user_only(kari):
    siri, begun = stranger(kari), kari.start("kari")
    second, any_one = asked_second(kari, begun), asked_any(kari)
    assert heard(alone, kari, second.value, kari.device.get(second.options)) == "passkey_refused"
    assert heard(confirm, kari, begun, answer_of(kari.device, any_one)) == "passkey_refused"
    own = offer_passkey(kari.done.sid, passkeys=PASSKEYS, **told(kari))
    assert heard(alone, kari, own.value, kari.device.get(own.options)) == "passkey_refused"

    for_siri = asked_second(kari, kari.start("siri"))
    assert heard(confirm, kari, begun, answer_of(kari.device, for_siri)) == "passkey_refused"
    assert heard(confirm, kari, begun, answer_of(siri, asked_second(kari, begun))) == "passkey_refused"


def test_a_challenge_nobody_was_handed_is_refused(kari):
    asked = asked_any(kari)
    for value in ("", "x", asked.value[:-1], "%%%"):
        answer = kari.device.get(json.dumps({"challenge": value}))
        assert heard(alone, kari, value, answer) == "passkey_refused"


@pytest.mark.parametrize("step", [0, -1])
def test_a_counter_that_does_not_go_on_is_refused_and_logged(kari, step):
    kari.device.count = 7
    asked = asked_any(kari)
    alone(kari, asked.value, kari.device.get(asked.options))
    kari.device.step = step
    begun = kari.start("kari")

    assert heard(confirm, kari, begun, answer_of(kari.device, asked_second(kari, begun))) == "passkey_refused"
    asked = asked_any(kari)
    assert heard(alone, kari, asked.value, kari.device.get(asked.options)) == "passkey_refused"
    refused = [change for *_, change in kari.log() if change.get("factor") == "passkey_refused"]
    assert [change["sign_count"][0] for change in refused] == [8, 8]


def test_devices_without_a_counter_are_taken(kari):
    kari.device.step = 0
    for _ in range(3):
        asked = asked_any(kari)
        assert heard(alone, kari, asked.value, kari.device.get(asked.options)) == "in"


def test_a_forged_counter_without_the_key_leaves_no_trace(kari):
    lines = len(kari.log())
    kari.device.key, kari.device.step = Device().key, -1
    asked = asked_any(kari)
    kari.device.count = 1

    assert heard(alone, kari, asked.value, kari.device.get(asked.options)) == "passkey_refused"
    assert len(kari.log()) == lines


def test_wrong_answers_from_one_address_are_slowed_down(kari):
    answers = [heard(alone, kari, "x", "{}") for _ in range(31)]
    assert answers == ["passkey_refused"] * 31

    asked = asked_any(kari)
    with pytest.raises(MustWait):
        alone(kari, asked.value, kari.device.get(asked.options))
    asked = asked_any(kari)
    assert alone(kari, asked.value, kari.device.get(asked.options), address="203.0.113.9")


def test_a_closed_account_is_closed_for_passkeys_too(kari):
    for _ in range(4):
        begun = kari.start("kari")
        for _ in range(5):
            heard(confirm, kari, begun, PasskeyAnswer("x", "{}", PASSKEYS))
    asked = asked_any(kari)

    assert heard(alone, kari, asked.value, kari.device.get(asked.options)) == "account_locked"


def test_a_device_has_one_passkey_for_one_user(kari):
    kari.add("siri")
    siri = kari.log_in("siri")
    with pytest.raises(RuleBroken, match="passkey_refused"):
        with_passkey(kari, siri, kari.device)

    asked = offer_passkey(kari.done.sid, passkeys=PASSKEYS, **told(kari))
    assert len(json.loads(asked.options)["excludeCredentials"]) == 1


@pytest.mark.parametrize("how", ["wrong origin", "wrong site", "user not verified", "foreign challenge", "twice"])
def test_a_spoilt_enrolment_adds_nothing(kari, how):
    device, asked = Device(), offer_passkey(kari.done.sid, passkeys=PASSKEYS, **told(kari))
    device.origin = "http://evil.example" if how == "wrong origin" else device.origin
    device.site = "evil.example" if how == "wrong site" else device.site
    device.flags = PRESENT if how == "user not verified" else device.flags
    other = asked_any(kari) if how == "foreign challenge" else asked
    answer = device.create(asked.options)

    def enrol():
        add_passkey(kari.done.sid, other.value, answer, name="Ny", passkeys=PASSKEYS, **told(kari))

    assert [heard(enrol) for _ in range(2)] == ["in" if how == "twice" else "passkey_refused", "passkey_refused"]
    assert len(factors_of(kari, kari.user_id).passkeys) == (2 if how == "twice" else 1)


def test_a_passkey_is_named_renamed_and_removed_by_its_owner_only(kari):
    stranger(kari)
    passkey_id = factors_of(kari, kari.user_id).passkeys[0].passkey_id
    rename_passkey(kari.done.sid, passkey_id, " Jobb  telefonen ", **told(kari))
    assert factors_of(kari, kari.user_id).passkeys[0].name == "Jobb telefonen"
    with pytest.raises(FormRefused):
        rename_passkey(kari.done.sid, passkey_id, "x" * 61, **told(kari))
    with pytest.raises(NotFound):
        remove_passkey(kari.done.sid, passkey_id + 1, **told(kari))
    remove_passkey(kari.done.sid, passkey_id, **told(kari))

    asked = asked_any(kari)
    assert heard(alone, kari, asked.value, kari.device.get(asked.options)) == "passkey_refused"
    assert "what=nb message.factor.passkey_removed" in kari.sent("email")[-1][1]
