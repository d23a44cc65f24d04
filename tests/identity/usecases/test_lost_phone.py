"""A lost phone: one coordinator begins, a second one confirms."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from services.identity.domain.errors import FormRefused, NotFound, RuleBroken
from services.identity.domain.roles import RoleCode
from services.identity.queries.lost_phones import LostPhones
from services.identity.store.factor_tables import AppRow
from services.identity.usecases.begin_lost_phone import begin_lost_phone
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.usecases.decide_lost_phone import confirm_lost_phone, reject_lost_phone
from services.identity.usecases.expire_lost_phones import expire_lost_phones
from tests.identity.world import HERE, NATIONAL, PASSWORD, THERE, acting

OLD, NEW = "+4740000001", "+4740000002"
FORM = {"mobile": "40 00 00 02", "mobile_again": "40000002", "checked_how": "in_person", "reason": "Mistet på tur"}


@pytest.fixture
def kari(identity):
    return identity.add("kari", number=OLD)


@pytest.fixture
def lise(identity):
    return acting(identity.add("lise", (HERE, RoleCode.LC)))


@pytest.fixture
def liv(identity):
    return acting(identity.add("liv", (HERE, RoleCode.LC)))


def begin(identity, user_id, by, **fields):
    return begin_lost_phone(user_id, {**FORM, **fields}, by=by, messages=identity.messages, uow=identity.uow)


def confirm(identity, matter_id, by):
    parts = {"messages": identity.messages, "hasher": identity.hasher, "uow": identity.uow}
    confirm_lost_phone(matter_id, by=by, **parts)


def reject(identity, matter_id, by, reason="Ikke Kari"):
    reject_lost_phone(matter_id, reason, by=by, messages=identity.messages, uow=identity.uow)


def mobile(identity, user_id):
    with identity.uow() as store:
        return identity.seals.details_of(store.users.get(user_id)).mobile


def waiting(identity, by):
    return LostPhones(identity.database, identity.seals, identity.clock).waiting(by)


def told(identity):
    return sorted((to, text.split()[1].removesuffix(".text")) for to, text in identity.sent())


@pytest.mark.req("IDN-03", "IDN-08", "IDN-16")
def test_the_second_person_replaces_the_number_and_the_user_begins_anew(identity, kari, lise, liv):
    done = identity.log_in("kari")
    with identity.uow() as store:
        store.factors.add(AppRow(user_id=kari, secret=b"x", begun_at=store.now, confirmed_at=store.now, last_step=1))
    identity.sent()
    matter = begin(identity, kari, lise)
    assert told(identity) == [("kari@vest.example.no", "message.lost_phone_begun")]
    assert mobile(identity, kari) == OLD

    confirm(identity, matter, liv)

    assert mobile(identity, kari) == NEW
    with identity.uow() as store:
        assert store.log_ins.sign_on(done.sid).ended_at is not None
        assert not store.factors.has_other_than_sms(kari)
    sent = identity.sent()
    first = next(text for to, text in sent if to == NEW).split("password=")[1]
    others = sorted((to, text.split()[1]) for to, text in sent if to != NEW)
    assert others == [(OLD, "message.contact_changed.mobile"), ("kari@vest.example.no", "message.lost_phone_done.text")]
    assert identity.log_in("kari", first).user_id == kari


@pytest.mark.req("IDN-03", "IDN-16")
def test_the_old_password_opens_nothing_after(identity, kari, lise, liv):
    confirm(identity, begin(identity, kari, lise), liv)

    with pytest.raises(RuleBroken, match="wrong_name_or_password"):
        identity.start("kari", PASSWORD)


@pytest.mark.req("GEN-06", "IDN-08", "IDN-16")
def test_every_step_is_logged_without_the_number(identity, kari, lise, liv):
    confirm(identity, begin(identity, kari, lise), liv)
    reject(identity, begin(identity, kari, lise, mobile=OLD, mobile_again=OLD), lise)

    what = f"user:{kari}/mobile"
    assert [line for line in identity.log() if line[1] == what] == [
        (lise.actor, what, FORM["reason"], {"lost_phone": "begun", "checked": "in_person"}),
        (liv.actor, what, FORM["reason"], {"lost_phone": "confirmed", "mobile": "replaced", "begun_by": lise.user_id}),
        (lise.actor, what, FORM["reason"], {"lost_phone": "begun", "checked": "in_person"}),
        (lise.actor, what, "Ikke Kari", {"lost_phone": "rejected"}),
    ]
    everywhere = repr(identity.log()) + repr(identity.events()) + repr(identity.jobs("send_message"))
    assert "4000000" not in everywhere


@pytest.mark.req("IDN-07", "IDN-08", "IDN-16")
def test_the_first_person_is_never_the_second(identity, kari, lise):
    matter = begin(identity, kari, lise)
    with identity.uow() as store:
        store.users.grant(lise.user_id, RoleCode.SC, NATIONAL, by=None)

    for by in (lise, acting(lise.user_id, RoleCode.SC, NATIONAL)):
        with pytest.raises(RuleBroken, match="second_person_needed"):
            confirm(identity, matter, by)
    assert mobile(identity, kari) == OLD


@pytest.mark.req("IDN-08", "IDN-16")
def test_what_a_coordinator_began_who_is_none_any_more_is_not_confirmed(identity, kari, lise, liv):
    matter = begin(identity, kari, lise)
    with identity.uow() as store:
        [role] = store.users.roles_of(lise.user_id)
        store.users.end_role(role, by=None)
    with pytest.raises(RuleBroken, match="first_person_gone"):
        confirm(identity, matter, liv)
    with identity.uow() as store:
        store.users.grant(lise.user_id, RoleCode.LC, HERE, by=None)
    deactivate_user(lise.user_id, reason="mistanke", by=liv, uow=identity.uow)

    with pytest.raises(RuleBroken, match="first_person_gone"):
        confirm(identity, matter, liv)
    assert mobile(identity, kari) == OLD


@pytest.mark.req("IDN-07", "IDN-08", "IDN-16")
def test_the_person_concerned_is_neither(identity, lise, liv):
    with pytest.raises(RuleBroken, match="own_access"):
        begin(identity, lise.user_id, lise)
    matter = begin(identity, lise.user_id, liv)

    with pytest.raises(RuleBroken, match="own_access"):
        confirm(identity, matter, lise)
    with pytest.raises(RuleBroken, match="own_access"):
        reject(identity, matter, lise)


@pytest.mark.req("IDN-07", "IDN-08", "IDN-16")
def test_others_than_coordinators_of_the_whole_account_do_nothing(identity, kari, lise, liv):
    there = acting(identity.add("tor", (THERE, RoleCode.LC)), place=THERE)
    nobody = acting(identity.add("per"), RoleCode.LU)
    for by in (there, nobody, acting(nobody.user_id)):
        with pytest.raises(NotFound):
            begin(identity, kari, by)
    matter = begin(identity, kari, lise)
    with identity.uow() as store:
        elsewhere = store.users.grant(kari, RoleCode.LU, THERE, by=None).role_id

    for by in (liv, there):
        with pytest.raises(RuleBroken, match="user_has_roles_elsewhere"):
            confirm(identity, matter, by)
    with identity.uow() as store:
        store.users.end_role(store.users.role(elsewhere), by=None)
    for by in (there, nobody, acting(nobody.user_id)):
        with pytest.raises(NotFound):
            confirm(identity, matter, by)
    assert (len(waiting(identity, liv)), waiting(identity, there)) == (1, [])


@pytest.mark.req("IDN-08", "IDN-16")
def test_the_national_coordinator_may_be_the_second_person(identity, kari, lise):
    siri = acting(identity.add("siri", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
    matter = begin(identity, kari, lise)
    assert [line.matter_id for line in waiting(identity, siri)] == [matter]

    confirm(identity, matter, siri)

    assert (mobile(identity, kari), waiting(identity, siri)) == (NEW, [])


@pytest.mark.req("IDN-08", "IDN-16")
def test_a_day_later_it_is_too_late_and_may_begin_again(identity, kari, lise, liv):
    matter = begin(identity, kari, lise)
    with pytest.raises(RuleBroken, match="lost_phone_waits"):
        begin(identity, kari, liv)
    identity.move(hours=24)

    for act in (confirm, reject):
        with pytest.raises(NotFound):
            act(identity, matter, liv)
    assert waiting(identity, liv) == []
    again = begin(identity, kari, liv)
    confirm(identity, again, lise)
    assert mobile(identity, kari) == NEW


@pytest.mark.req("GEN-04", "IDN-08", "IDN-16")
def test_nobody_confirmed_it_so_the_user_is_told_and_nothing_is_kept(identity, kari, lise):
    matter = begin(identity, kari, lise)
    identity.sent()
    identity.move(hours=24, seconds=-1)
    assert expire(identity) == 0
    identity.move(seconds=1)

    assert (expire(identity), expire(identity)) == (1, 0)

    assert told(identity) == [("kari@vest.example.no", "message.lost_phone_rejected")]
    assert identity.log()[-1] == ("service:calendar", f"user:{kari}/mobile", "", {"lost_phone": "expired"})
    with identity.uow() as store, pytest.raises(NotFound):
        store.lost_phones.get(matter)


def expire(identity):
    return expire_lost_phones(messages=identity.messages, uow=identity.uow)


@pytest.mark.req("IDN-08", "IDN-16")
def test_confirmed_by_many_at_once_it_happens_once(identity, kari, lise):
    others = [acting(identity.add(f"lc{n}", (HERE, RoleCode.LC))) for n in range(4)]
    matter = begin(identity, kari, lise)

    def act(by):
        try:
            confirm(identity, matter, by)
        except NotFound:
            return "gone"
        return "done"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(act, others))
    assert sorted(answers) == ["done", "gone", "gone", "gone"]


@pytest.mark.req("IDN-08", "IDN-16")
def test_a_closed_account_and_a_taken_number_stop_it(identity, kari, lise, liv):
    matter = begin(identity, kari, lise)
    ola = identity.add("ola", number=NEW)
    with pytest.raises(RuleBroken, match="mobile_taken"):
        confirm(identity, matter, liv)
    with pytest.raises(FormRefused) as refused:
        begin(identity, ola, lise, mobile=OLD, mobile_again=OLD)
    assert refused.value.errors == {"mobile": "mobile_taken"}
    deactivate_user(kari, reason="sluttet", by=lise, uow=identity.uow)

    with pytest.raises(RuleBroken, match="user_is_deactivated"):
        confirm(identity, matter, liv)
    with pytest.raises(RuleBroken, match="user_is_deactivated"):
        begin(identity, kari, liv)
    assert mobile(identity, kari) == OLD


@pytest.mark.req("IDN-08", "IDN-16")
@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"mobile_again": "40 00 00 03"}, {"mobile_again": "mobiles_differ"}),
        ({"mobile": "22 00 00 00"}, {"mobile": "mobile_malformed", "mobile_again": "mobiles_differ"}),
        ({"mobile": OLD, "mobile_again": OLD}, {"mobile": "mobile_unchanged"}),
        ({"checked_how": "guessed"}, {"checked_how": "not_in_list"}),
        ({"checked_how": "", "reason": " "}, {"checked_how": "required", "reason": "required"}),
        ({"reason": "x" * 501}, {"reason": "reason_too_long"}),
    ],
)
def test_every_wrong_field_is_named(lite, fields, errors):
    kari = lite.add("kari", number=OLD)
    lise = acting(lite.add("lise", (HERE, RoleCode.LC)))

    with pytest.raises(FormRefused) as refused:
        begin(lite, kari, lise, **fields)
    assert refused.value.errors == errors
    assert lite.sent() == []
