"""Log-in in two halves."""

from __future__ import annotations

import pytest

from services.identity.domain.errors import FormRefused, MustWait, RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.store.log_in_tables import AttemptRow
from services.identity.usecases.begin_step_up import begin_step_up
from services.identity.usecases.change_password import change_password
from services.identity.usecases.confirm_code import confirm_step_up
from services.identity.usecases.one_time_code import send_again
from services.identity.usecases.proofs import SmsCode
from tests.identity.world import HERE, NATIONAL, PASSWORD

NEW = "Grønn-elg-88-danser"


def resend(identity, begun):
    return send_again(begun.attempt, messages=identity.messages, hasher=identity.hasher, uow=identity.uow)


def change(identity, done, old, new):
    change_password(
        done.user_id,
        old,
        new,
        sid=done.sid,
        messages=identity.messages,
        hasher=identity.hasher,
        strength=identity.strength,
        uow=identity.uow,
    )


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def sign_on(identity, sid):
    with identity.uow() as store:
        return store.log_ins.sign_on(sid)


@pytest.mark.req("IDN-04")
def test_password_and_code_log_in(identity):
    user_id = identity.add("kari")
    begun = identity.start(" KARI ")
    assert begun.mobile.startswith("•••")
    assert "kari" not in repr(begun)

    done = identity.confirm(begun, identity.code())

    assert done.user_id == user_id
    assert sign_on(identity, done.sid).ended_at is None


@pytest.mark.req("IDN-04", "IDN-11")
@pytest.mark.parametrize(("name", "password"), [("kari", "feil"), ("ukjent", PASSWORD), ("", ""), ("kari", "x" * 5000)])
def test_whatever_is_wrong_is_answered_alike(lite, name, password):
    lite.add("kari")

    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        lite.start(name, password)
    assert lite.sent() == []


@pytest.mark.req("IDN-04")
def test_five_tries_and_a_new_code_gives_no_more(identity):
    identity.add("kari")
    begun = identity.start("kari")
    code = identity.code()
    for number in range(5):
        with pytest.raises(RuleBroken, match="wrong_code"):
            identity.confirm(begun, wrong(code))
        if number == 2:
            resend(identity, begun)
            code = identity.code()

    with pytest.raises(RuleBroken, match="too_many_wrong_codes"):
        identity.confirm(begun, code)
    with pytest.raises(RuleBroken, match="too_many_wrong_codes"):
        resend(identity, begun)


@pytest.mark.req("IDN-04")
def test_a_new_code_voids_the_old_one(lite):
    lite.add("kari")
    begun = lite.start("kari")
    old = lite.code()
    resend(lite, begun)
    new = lite.code()

    if old != new:
        with pytest.raises(RuleBroken, match="wrong_code"):
            lite.confirm(begun, old)
    assert lite.confirm(begun, new)


@pytest.mark.req("IDN-04")
def test_a_code_works_once_for_five_minutes_and_for_its_own_log_in(lite):
    lite.add("kari")
    first, code = lite.start("kari"), lite.code()
    second = lite.start("kari")
    other = lite.code()
    if code != other:
        with pytest.raises(RuleBroken, match="wrong_code"):
            lite.confirm(second, code)
    lite.confirm(first, f" {code[:3]} {code[3:]} ")
    with pytest.raises(RuleBroken, match="log_in_over"):
        lite.confirm(first, code)

    lite.move(minutes=5)
    with pytest.raises(RuleBroken, match="code_expired"):
        lite.confirm(second, other)


@pytest.mark.req("IDN-04")
def test_codes_are_stored_slow_hashed_and_told_by_sms_only(lite):
    lite.add("kari")
    begun = lite.start("kari")
    code = lite.code()

    with lite.database.reading() as session:
        row = session.query(AttemptRow).one()
    assert row.code_hash.startswith("$argon2id$")
    assert begun.attempt not in repr(row.__dict__)
    assert code not in repr(row.__dict__) + repr(lite.jobs("send_message")) + repr(lite.events()) + repr(lite.log())


@pytest.mark.req("IDN-04", "IDN-11")
def test_five_codes_an_hour_and_twenty_a_day(lite):
    lite.add("kari")
    for hour in range(4):
        for _ in range(5):
            lite.start("kari")
        with pytest.raises(RuleBroken, match="too_many_codes"):
            lite.start("kari")
        lite.move(minutes=61 if hour < 3 else 0)

    lite.move(minutes=61)
    with pytest.raises(RuleBroken, match="too_many_codes"):
        lite.start("kari")
    lite.move(hours=21)
    assert lite.start("kari")


@pytest.mark.req("IDN-04", "IDN-11")
def test_twenty_wrong_codes_in_a_row_close_the_account(lite):
    lite.add("kari")
    for _ in range(4):
        begun = lite.start("kari")
        code = lite.code()
        for _ in range(5):
            with pytest.raises(RuleBroken, match="wrong_code"):
                lite.confirm(begun, wrong(code))
        lite.move(minutes=61)

    with pytest.raises(RuleBroken, match="account_locked"):
        lite.start("kari")


@pytest.mark.req("IDN-03")
def test_a_first_password_works_once_and_opens_nothing_until_it_is_replaced(identity):
    identity.add("kari", (HERE, RoleCode.LU), password=None)
    first = identity.sent("sms")[0][1].split("password=")[1]
    begun, code = identity.start("kari", first), identity.code()
    other = identity.start("kari", first)
    late = identity.code()
    done = identity.confirm(begun, code)

    assert facts(identity, done) is None
    with pytest.raises(RuleBroken, match="log_in_over"):
        identity.confirm(other, late)
    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("kari", first)
    change(identity, done, first, NEW)
    assert identity.log_in("kari", NEW)


def facts(identity, done):
    with identity.uow() as store:
        row = store.log_ins.sign_on(done.sid)
        row.role_id = store.users.roles_of(done.user_id)[0].role_id
        return store.facts(done.sid, identity.seals)


@pytest.mark.req("IDN-03")
def test_a_first_password_lives_seven_days(lite):
    lite.add("kari", (HERE, RoleCode.LU), password=None)
    first = lite.sent("sms")[0][1].split("password=")[1]
    lite.move(days=7)

    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        lite.start("kari", first)


@pytest.mark.req("IDN-05")
@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("feil", NEW, "old_password", "wrong_old_password"),
        (PASSWORD, PASSWORD, "new_password", "password_unchanged"),
        (PASSWORD, "", "new_password", "password_too_short"),
        (PASSWORD, "Kort-1a", "new_password", "password_too_short"),
        (PASSWORD, "Sommeren-2026!", "new_password", "password_too_common"),
        (PASSWORD, "Kari-2026-abc!", "new_password", "password_has_user_name"),
    ],
)
def test_a_password_that_will_not_do_is_named_by_its_field(lite, old, new, field, code):
    lite.add("kari")
    done = lite.log_in("kari")

    with pytest.raises(FormRefused) as refused:
        change(lite, done, old, new)
    assert refused.value.errors == {field: code}


@pytest.mark.req("IDN-05", "IDN-08")
def test_a_new_password_ends_all_other_log_ins(identity):
    user_id = identity.add("kari")
    other, mine = identity.log_in("kari"), identity.log_in("kari")
    identity.sent()

    change(identity, mine, PASSWORD, NEW)

    assert sign_on(identity, other.sid).ended_at is not None
    assert sign_on(identity, mine.sid).ended_at is None
    assert identity.events()[-1].user_id == user_id
    assert "password_changed" in identity.sent("email")[0][1]
    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("kari")


@pytest.mark.req("IDN-05", "IDN-11")
def test_the_old_password_cannot_be_guessed_from_an_open_session(lite):
    lite.add("kari")
    done = lite.log_in("kari")
    for _ in range(5):
        with pytest.raises(FormRefused):
            change(lite, done, "feil", NEW)

    with pytest.raises(MustWait):
        change(lite, done, PASSWORD, NEW)


@pytest.mark.req("IDN-09")
def test_a_step_up_makes_the_log_in_fresh(identity):
    identity.add("kari")
    done = identity.log_in("kari")
    identity.move(hours=1)
    begun = begin_step_up(done.sid, messages=identity.messages, hasher=identity.hasher, uow=identity.uow)
    code = identity.code()
    with pytest.raises(RuleBroken, match="log_in_over"):
        identity.confirm(begun, code)

    confirm_step_up(
        begun.attempt,
        SmsCode(code, identity.hasher),
        sid=done.sid,
        messages=identity.messages,
        uow=identity.uow,
    )

    row = sign_on(identity, done.sid)
    assert (row.authenticated_at, row.begun_at) == (identity.clock.now(), done_at(identity))


def done_at(identity):
    from tests.identity.world import NOW

    return NOW


@pytest.mark.req("IDN-09")
def test_a_step_up_code_of_somebody_else_is_worth_nothing(lite):
    lite.add("kari")
    lite.add("siri", (NATIONAL, RoleCode.SC))
    kari, siri = lite.log_in("kari"), lite.log_in("siri")
    means = {"messages": lite.messages, "hasher": lite.hasher, "uow": lite.uow}
    begun = begin_step_up(kari.sid, **means)

    with pytest.raises(RuleBroken, match="log_in_over"):
        confirm_step_up(
            begun.attempt, SmsCode(lite.code(), lite.hasher), sid=siri.sid, messages=lite.messages, uow=lite.uow
        )
