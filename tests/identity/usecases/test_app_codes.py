"""Authenticator apps: added by a first code, each code once, tries shared with all other factors."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.store.factor_tables import AppRow
from services.identity.usecases.begin_step_up import begin_step_up
from services.identity.usecases.confirm_code import confirm_step_up
from services.identity.usecases.enrol_app import begin_app, confirm_app, remove_app
from services.identity.usecases.one_time_code import send_again
from services.identity.usecases.proofs import AppCode
from tests.identity.device import Phone
from tests.identity.factors import amr_of, confirm, factors_of, heard, told, typed, with_app, with_codes

pytestmark = pytest.mark.req("IDN-13")


@pytest.fixture
def kari(identity):
    identity.user_id = identity.add("kari")
    identity.done = identity.log_in("kari")
    identity.phone = with_app(identity, identity.done)
    identity.sent()
    identity.move(minutes=1)
    return identity


def wrong(code):
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_code_of_the_app_logs_in_without_an_sms(kari):
    begun = kari.start("kari")
    assert kari.sent("sms") == []

    done = confirm(kari, begun, AppCode(kari.phone.code(kari.clock.now())))

    assert (done.user_id, amr_of(kari, done.sid)) == (kari.user_id, "pwd otp mfa")


@pytest.mark.parametrize(("steps", "answer"), [(-1, "in"), (0, "in"), (1, "in"), (-2, "wrong_code"), (2, "wrong_code")])
def test_a_clock_may_be_half_a_minute_off(kari, steps, answer):
    begun = kari.start("kari")

    assert heard(confirm, kari, begun, AppCode(kari.phone.code(kari.clock.now(), steps=steps))) == answer


def test_a_code_is_not_taken_twice_nor_an_older_one(kari):
    code, older = kari.phone.code(kari.clock.now()), kari.phone.code(kari.clock.now(), steps=-1)
    confirm(kari, kari.start("kari"), AppCode(code))

    for used in (code, older):
        assert heard(confirm, kari, kari.start("kari"), AppCode(used)) == "wrong_code"
    assert heard(confirm, kari, kari.start("kari"), AppCode(kari.phone.code(kari.clock.now(), steps=1))) == "in"


def test_the_code_that_confirmed_the_app_does_not_log_in(identity):
    identity.add("kari")
    phone = with_app(identity, identity.log_in("kari"))

    assert heard(confirm, identity, identity.start("kari"), AppCode(phone.code(identity.clock.now()))) == "wrong_code"


def test_one_code_typed_many_times_at_once_logs_in_once(kari):
    code = kari.phone.code(kari.clock.now())
    attempts = [kari.start("kari") for _ in range(4)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda begun: heard(confirm, kari, begun, AppCode(code)), attempts))
    assert sorted(answers) == ["in", "wrong_code", "wrong_code", "wrong_code"]


def test_changing_the_factor_gives_no_more_tries(kari):
    with_codes(kari, kari.done)
    begun = kari.start("kari")
    send_again(begun.attempt, messages=kari.messages, hasher=kari.hasher, uow=kari.uow)
    sms = kari.code()
    given = [("app", "000000"), ("sms", wrong(sms)), ("recovery", "3-ABCDE-FGHJK"), ("app", "1"), ("recovery", "")]
    for kind, text in given:
        assert heard(confirm, kari, begun, typed(kari, kind, text)) == "wrong_code"

    now = kari.clock.now()
    for kind, text in [("app", kari.phone.code(now)), ("sms", sms), ("recovery", "3-ABCDE-FGHJK")]:
        assert heard(confirm, kari, begun, typed(kari, kind, text)) == "too_many_wrong_codes"


def test_twenty_wrong_ones_of_any_factor_close_the_account(kari):
    for _ in range(4):
        begun = kari.start("kari")
        for kind in ("app", "recovery", "app", "recovery", "app"):
            assert heard(confirm, kari, begun, typed(kari, kind, "3-ABCDE-FGHJK")) == "wrong_code"

    assert heard(kari.start, "kari") == "account_locked"


def test_many_at_once_of_several_factors_are_looked_at_five_times(kari, monkeypatch):
    looked, begun = [], kari.start("kari")
    monkeypatch.setattr("services.identity.usecases.proofs.step_of", lambda *given: looked.append("app"))
    monkeypatch.setattr(kari.hasher, "verify", lambda *given: looked.append("hash") and False)
    proofs = [typed(kari, ("app", "recovery")[n % 2], "3-ABCDE-FGHJK") for n in range(200)]

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda proof: heard(confirm, kari, begun, proof), proofs))
    assert (answers.count("wrong_code"), len(looked)) == (5, 5)
    assert answers.count("too_many_wrong_codes") == 195


def test_a_code_makes_a_log_in_fresh(kari):
    kari.move(hours=1)
    begun = begin_step_up(kari.done.sid, messages=kari.messages, hasher=kari.hasher, uow=kari.uow)

    confirm_step_up(begun.attempt, AppCode(kari.phone.code(kari.clock.now())), sid=kari.done.sid, **told(kari))

    with kari.uow() as store:
        row = store.log_ins.sign_on(kari.done.sid)
        assert (row.authenticated_at, row.amr) == (kari.clock.now(), "pwd sms otp mfa")


def test_a_removed_app_counts_no_more_and_sms_is_sent_again(kari):
    remove_app(kari.done.sid, **told(kari))
    assert "what=nb message.factor.app_removed" in kari.sent("email")[0][1]
    begun = kari.start("kari")

    assert len(kari.sent("sms")) == 1
    assert heard(confirm, kari, begun, AppCode(kari.phone.code(kari.clock.now()))) == "wrong_code"


def test_an_app_replaced_while_its_code_was_checked_does_not_log_in(kari, monkeypatch):
    begun, code = kari.start("kari"), kari.phone.code(kari.clock.now())

    class Slow(AppCode):
        def check(self, kept, now):
            remove_app(kari.done.sid, **told(kari))
            with_app(kari, kari.done)
            return super().check(kept, now)

    assert heard(confirm, kari, begun, Slow(code)) == "wrong_code"


def test_each_change_is_logged_and_told_and_the_secret_is_sealed(kari):
    with kari.database.reading() as session:
        row = session.get_one(AppRow, kari.user_id)
    assert kari.phone.secret.encode() not in row.secret
    assert kari.log()[-1] == (f"user:{kari.user_id}", f"user:{kari.user_id}/factors", "", {"factor": "app_added"})
    assert kari.phone.secret not in repr(kari.log()) + repr(kari.events()) + repr(kari.jobs("send_message"))


def test_only_a_right_first_code_in_time_makes_the_app_count(identity):
    done = (identity.add("kari"), identity.log_in("kari"))[1]
    begin_app(done.sid, **told(identity))
    phone = Phone(factors_of(identity, done.user_id).begun_app.secret)
    with pytest.raises(FormRefused) as refused:
        confirm_app(done.sid, wrong(phone.code(identity.clock.now())), **told(identity))
    assert refused.value.errors == {"code": "wrong_code"}
    assert factors_of(identity, done.user_id).app_since is None

    identity.move(minutes=4)
    begin_app(done.sid, **told(identity))
    assert factors_of(identity, done.user_id).begun_app.secret != phone.secret
    assert heard(confirm_app, done.sid, phone.code(identity.clock.now()), **told(identity)) == "form_has_errors"


def test_without_a_fresh_factor_nothing_is_changed_and_no_secret_shown(kari):
    kari.move(minutes=5, seconds=1)
    for act in (lambda: begin_app(kari.done.sid, **told(kari)), lambda: remove_app(kari.done.sid, **told(kari))):
        with pytest.raises(RuleBroken, match="factor_not_fresh"):
            act()
    assert factors_of(kari, kari.user_id).app_since is not None
