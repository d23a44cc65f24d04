"""Recovery codes: ten, each once, shown once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from services.identity.domain.errors import RuleBroken
from services.identity.store.factor_tables import RecoveryCodeRow
from tests.identity.factors import amr_of, confirm, factors_of, heard, typed, with_app, with_codes

pytestmark = pytest.mark.req("IDN-13")


@pytest.fixture
def kari(identity):
    identity.user_id = identity.add("kari")
    identity.done = identity.log_in("kari")
    with_app(identity, identity.done)
    identity.codes = with_codes(identity, identity.done)
    identity.sent()
    return identity


def test_a_code_works_once_and_the_user_is_told(kari):
    code = kari.codes[3].replace("-", " ").lower()
    done = confirm(kari, kari.start("kari"), typed(kari, "recovery", code))

    assert amr_of(kari, done.sid) == "pwd otp mfa"
    assert factors_of(kari, kari.user_id).codes_left == 9
    told = kari.sent("email")[0][1]
    assert "message.factor.recovery_code_used left=9" in told
    assert code not in told
    assert kari.log()[-1][3] == {"factor": "recovery_code_used", "left": 9}
    assert heard(confirm, kari, kari.start("kari"), typed(kari, "recovery", code)) == "wrong_code"


def test_one_code_typed_many_times_at_once_works_once(kari):
    attempts = [kari.start("kari") for _ in range(4)]

    with ThreadPoolExecutor(8) as pool:
        proof = typed(kari, "recovery", kari.codes[7])
        answers = list(pool.map(lambda begun: heard(confirm, kari, begun, proof), attempts))
    assert sorted(answers) == ["in", "wrong_code", "wrong_code", "wrong_code"]
    assert factors_of(kari, kari.user_id).codes_left == 9


def test_new_codes_void_the_old_ones(kari):
    new = with_codes(kari, kari.done)

    assert len(set(new) | set(kari.codes)) == 20
    assert heard(confirm, kari, kari.start("kari"), typed(kari, "recovery", kari.codes[0])) == "wrong_code"
    assert heard(confirm, kari, kari.start("kari"), typed(kari, "recovery", new[0])) == "in"


def test_codes_are_stored_slow_hashed_only(kari):
    with kari.database.reading() as session:
        rows = session.scalars(select(RecoveryCodeRow)).all()
    kept = (
        repr([row.__dict__ for row in rows]) + repr(kari.log()) + repr(kari.events()) + repr(kari.jobs("send_message"))
    )

    assert [row.code_hash.startswith("$argon2id$") for row in rows] == [True] * 10
    assert not [code for code in kari.codes if code in kept or code.replace("-", "")[1:] in kept]


def test_a_code_of_somebody_else_is_worth_nothing(kari):
    kari.add("siri")
    with_app(kari, kari.log_in("siri"))

    assert heard(confirm, kari, kari.start("siri"), typed(kari, "recovery", kari.codes[0])) == "wrong_code"


@pytest.mark.parametrize(
    "code", ["", "3", "A-BCDEF-GHJKL", "3-ABCDE-FGHJK", "３-ABCDE-FGHJK", "9" * 5000, "0-' OR 1=1"]
)
def test_whatever_is_wrong_costs_one_hash_and_is_answered_alike(kari, monkeypatch, code):
    begun, verify, asked = kari.start("kari"), kari.hasher.verify, []
    monkeypatch.setattr(kari.hasher, "verify", lambda *given: asked.append(given) or verify(*given))

    assert heard(confirm, kari, begun, typed(kari, "recovery", code)) == "wrong_code"
    assert len(asked) == 1


def test_codes_are_made_right_after_a_second_factor_only(kari):
    kari.move(minutes=5, seconds=1)

    with pytest.raises(RuleBroken, match="factor_not_fresh"):
        with_codes(kari, kari.done)
    assert heard(confirm, kari, kari.start("kari"), typed(kari, "recovery", kari.codes[9])) == "in"
