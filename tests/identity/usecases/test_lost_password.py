"""The way back in with a forgotten password: link by e-mail, code by SMS, new password."""

from __future__ import annotations

import pytest

from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.domain.tokens import token_hash
from services.identity.store.log_in_tables import AttemptRow
from services.identity.usecases.deactivate_user import deactivate_user
from tests.identity.lost_password import NEW, link_of, mailed, proof_of, prove, replace, send_code
from tests.identity.world import HERE, PASSWORD, acting


@pytest.mark.req("IDN-05", "IDN-16")
def test_link_and_code_lead_to_a_new_password_and_everything_else_ends(identity):
    user_id = identity.add("kari")
    done = identity.log_in("kari")
    proof = proof_of(identity)
    identity.sent()

    replace(identity, proof)

    with identity.uow() as store:
        assert store.log_ins.sign_on(done.sid).ended_at is not None
    assert identity.events()[-1].user_id == user_id
    kinds = [text.split()[1] for _, text in identity.sent()]
    assert sorted(kinds) == ["message.password_changed.text", "message.password_replaced"]
    assert identity.log()[-1][1:] == (f"user:{user_id}/password", "", {"password": "replaced by link"})
    assert identity.log_in("kari", NEW).user_id == user_id
    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("kari", PASSWORD)


@pytest.mark.req("IDN-11", "IDN-16")
def test_an_unknown_name_gets_nothing(identity):
    identity.add("kari")

    assert mailed(identity, "ukjent") == []


@pytest.mark.req("IDN-05", "IDN-11", "IDN-16")
def test_who_may_not_log_in_is_told_whom_to_ask(identity):
    identity.add("kari")
    ola, liv = identity.add("ola"), identity.add("liv")
    boss = acting(identity.add("lise", (HERE, RoleCode.LC)))
    deactivate_user(identity_of(identity, "kari"), reason="sluttet", by=boss, uow=identity.uow)
    with identity.uow() as store:
        store.users.end_role(store.users.roles_of(ola)[0], by=None)
        closed = identity.seals.counter_hash("codes", str(liv))
        store.log_ins.take_back(closed, lambda tries: type(tries)(failures=20))

    for name in ("kari", "ola", "liv"):
        [(to, text)] = mailed(identity, name)
        assert (to, text.split()[1]) == (f"{name}@vest.example.no", "message.no_link.text")
    with identity.database.reading() as session:
        assert session.query(AttemptRow).count() == 0


def identity_of(identity, name):
    with identity.uow() as store:
        return store.users.find(identity.seals.user_name_hash(name)).user_id


@pytest.mark.req("IDN-05", "IDN-16")
def test_the_link_alone_opens_nothing_and_is_used_up_by_the_right_code(identity):
    identity.add("kari")
    link = link_of(identity)
    with pytest.raises(RuleBroken, match="link_over"):
        replace(identity, link)
    with pytest.raises(RuleBroken, match="code_expired"):
        prove(identity, link, "000000")
    code = send_code(identity, link)

    proof = prove(identity, link, code)

    with pytest.raises(RuleBroken, match="log_in_over"):
        prove(identity, link, code)
    with pytest.raises(RuleBroken, match="log_in_over"):
        send_code(identity, link)
    with pytest.raises(RuleBroken):
        replace(identity, link)
    replace(identity, proof)
    with pytest.raises(RuleBroken):
        replace(identity, proof)


@pytest.mark.req("IDN-05", "IDN-16")
def test_link_and_proof_live_half_an_hour_together(lite):
    lite.add("kari")
    link = link_of(lite)
    lite.move(minutes=29)
    proof = prove(lite, link, send_code(lite, link))
    late = link_of(lite)
    lite.move(minutes=1)

    with pytest.raises(RuleBroken, match="log_in_over"):
        replace(lite, proof)
    lite.move(minutes=29)
    with pytest.raises(RuleBroken, match="log_in_over"):
        send_code(lite, late)


@pytest.mark.req("IDN-05", "IDN-16")
def test_a_new_password_voids_every_other_link_and_proof(identity):
    identity.add("kari")
    other, proof, late = link_of(identity), proof_of(identity), proof_of(identity)

    replace(identity, proof)

    with pytest.raises(RuleBroken, match="link_over"):
        replace(identity, late)
    with pytest.raises(RuleBroken, match="link_over"):
        prove(identity, other, send_code(identity, other))


@pytest.mark.req("IDN-05", "IDN-08", "IDN-16")
def test_an_account_closed_on_the_way_stays_closed(identity):
    kari, boss = identity.add("kari"), acting(identity.add("lise", (HERE, RoleCode.LC)))
    link, proof = link_of(identity), proof_of(identity)
    code = send_code(identity, link)

    deactivate_user(kari, reason="sluttet", by=boss, uow=identity.uow)

    with pytest.raises(RuleBroken, match="link_over"):
        replace(identity, proof)
    with pytest.raises(RuleBroken, match="link_over"):
        prove(identity, link, code)


@pytest.mark.req("IDN-05", "IDN-16")
def test_links_codes_and_proofs_are_kept_as_hashes_and_told_nowhere_else(lite):
    lite.add("kari")
    link = link_of(lite)
    code = send_code(lite, link)
    proof = prove(lite, link, code)

    with lite.database.reading() as session:
        rows = session.query(AttemptRow).all()
    kept = repr([row.__dict__ for row in rows]) + repr(lite.jobs("send_message") + lite.jobs("send_link"))
    assert {row.attempt_hash for row in rows} == {token_hash(link), token_hash(proof)}
    assert len(link) == len(proof) == 43
    assert not [
        secret for secret in (link, code, proof, "kari") if secret in kept + repr(lite.events()) + repr(lite.log())
    ]


@pytest.mark.req("IDN-05", "IDN-16")
@pytest.mark.parametrize(
    ("new", "code"),
    [
        ("", "password_too_short"),
        ("Kort-1a", "password_too_short"),
        ("Kari-2026-abc!", "password_has_user_name"),
        ("Sommeren-2026!", "password_too_common"),
    ],
)
def test_a_password_that_will_not_do_uses_nothing_up(lite, new, code):
    lite.add("kari")
    proof = proof_of(lite)

    with pytest.raises(FormRefused) as refused:
        replace(lite, proof, new)
    assert refused.value.errors == {"new_password": code}
    replace(lite, proof)
