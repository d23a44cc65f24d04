"""A new mobile number or address of one's own: proven by a code sent to it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from services.identity.domain.codes import Purpose
from services.identity.domain.errors import FormRefused, RuleBroken
from services.identity.store.log_in_tables import AttemptRow
from services.identity.usecases.change_contact import change_contact, send_contact_code
from services.identity.usecases.change_language import change_language
from services.identity.usecases.confirm_contact import confirm_contact
from tests.identity.usecases.test_throttle import CountingHasher

OLD, NEW, TAKEN = "+4740000001", "40 00 00 02", "+4740000003"
MOBILE, EMAIL = Purpose.MOBILE, Purpose.EMAIL
NEW_EMAIL, TAKEN_EMAIL = "Kari.Ny@Vest.example.no", "ola@vest.example.no"


@pytest.fixture
def kari(identity):
    """Kari, logged in just now, beside Ola."""
    identity.add("kari", number=OLD)
    identity.add("ola", number=TAKEN)
    return identity.log_in("kari")


def parts(identity):
    return {"messages": identity.messages, "hasher": identity.hasher, "uow": identity.uow}


def begin(identity, done, typed=NEW, kind=MOBILE):
    identity.sent()
    return change_contact(done.sid, kind, typed, **parts(identity))


def confirm(identity, done, attempt, code, kind=MOBILE):
    confirm_contact(attempt, kind, code, sid=done.sid, **parts(identity))


def details(identity, user_id):
    with identity.uow() as store:
        return identity.seals.details_of(store.users.get(user_id))


def code_in(told):
    [(_, text)] = told
    return re.search(r"code=(\d{6})", text).group(1)


@pytest.mark.req("IDN-15")
@pytest.mark.parametrize(
    ("kind", "typed", "channel", "to", "old"),
    [
        (MOBILE, NEW, "sms", "+4740000002", OLD),
        (EMAIL, NEW_EMAIL, "email", "Kari.Ny@vest.example.no", "kari@vest.example.no"),
    ],
)
def test_the_code_goes_to_the_new_one_and_the_old_one_is_told(identity, kari, kind, typed, channel, to, old):
    attempt = begin(identity, kari, typed, kind)
    sent = identity.sent(channel)
    assert [receiver for receiver, _ in sent] == [to]
    assert getattr(details(identity, kari.user_id), kind) == old

    confirm(identity, kari, attempt, code_in(sent), kind)

    assert getattr(details(identity, kari.user_id), kind) == to
    [(receiver, text)] = identity.sent()
    assert (receiver, text.split()[1].startswith(f"message.contact_changed.{kind}")) == (old, True)
    assert identity.log()[-1][1:] == (f"user:{kari.user_id}/contact", "", {kind.value: "replaced"})
    assert identity.log_in("kari").user_id == kari.user_id


@pytest.mark.req("IDN-11", "IDN-15")
@pytest.mark.parametrize(
    ("kind", "typed", "channel", "to"),
    [(MOBILE, TAKEN, "sms", TAKEN), (EMAIL, TAKEN_EMAIL.upper(), "email", "OLA@vest.example.no")],
)
def test_what_another_has_is_answered_alike_and_changes_nothing(identity, kari, kind, typed, channel, to):
    before = details(identity, kari.user_id)
    attempt = begin(identity, kari, typed, kind)
    [(receiver, text)] = identity.sent(channel)
    assert (receiver, "contact_known" in text, re.search(r"\d{6}", text.replace(to, ""))) == (to, True, None)

    for code in ("000000", "999999"):
        with pytest.raises(RuleBroken, match="wrong_code"):
            confirm(identity, kari, attempt, code, kind)
    assert details(identity, kari.user_id) == before


@pytest.mark.req("IDN-11", "IDN-15")
def test_what_another_has_takes_the_same_work(lite):
    lite.add("kari", number=OLD)
    lite.add("ola", number=TAKEN)
    done, statements, work = lite.log_in("kari"), [], []
    event.listen(lite.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for typed in (NEW, TAKEN):
        statements.clear()
        change_contact(done.sid, MOBILE, typed, **parts(lite))
        work.append(list(statements))

    assert work[0] == work[1] != []


@pytest.mark.req("IDN-11", "IDN-15")
def test_the_right_code_for_what_another_has_got_meanwhile_counts_as_wrong(identity, kari):
    attempt = begin(identity, kari)
    code = code_in(identity.sent("sms"))
    identity.add("liv", number="+4740000002")

    with pytest.raises(RuleBroken, match="wrong_code"):
        confirm(identity, kari, attempt, code)
    assert details(identity, kari.user_id).mobile == OLD


@pytest.mark.req("IDN-13", "IDN-15")
def test_a_second_factor_of_the_last_five_minutes_is_asked_for(identity, kari):
    identity.move(minutes=5, seconds=1)

    with pytest.raises(RuleBroken, match="factor_not_fresh"):
        begin(identity, kari)
    assert identity.sent() == []


@pytest.mark.req("IDN-15")
@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        (MOBILE, " ", "required"),
        (MOBILE, "22 00 00 00", "mobile_malformed"),
        (MOBILE, "400 00 001", "contact_unchanged"),
        (EMAIL, "kari", "email_malformed"),
        (EMAIL, "kari@VEST.example.no", "contact_unchanged"),
    ],
)
def test_what_cannot_be_used_is_named(identity, kari, kind, typed, code):
    with pytest.raises(FormRefused) as refused:
        begin(identity, kari, typed, kind)

    assert refused.value.errors == {kind.value: code}
    assert identity.sent() == []


@pytest.mark.req("IDN-04", "IDN-15")
def test_a_code_works_once_for_five_minutes_and_for_its_own_purpose(identity, kari):
    attempt = begin(identity, kari)
    code = code_in(identity.sent("sms"))
    with pytest.raises(RuleBroken, match="log_in_over"):
        confirm(identity, kari, attempt, code, EMAIL)
    with pytest.raises(RuleBroken, match="log_in_over"):
        identity.confirm(type("Begun", (), {"attempt": attempt}), code)
    identity.move(minutes=5)
    with pytest.raises(RuleBroken, match="code_expired"):
        confirm(identity, kari, attempt, code)
    send_contact_code(attempt, **parts(identity))
    code = code_in(identity.sent("sms"))
    confirm(identity, kari, attempt, code)
    with pytest.raises(RuleBroken, match="log_in_over"):
        confirm(identity, kari, attempt, code)


@pytest.mark.req("IDN-04", "IDN-15")
def test_a_log_in_that_ended_or_belongs_to_another_changes_nothing(identity, kari):
    attempt = begin(identity, kari)
    code, ola = code_in(identity.sent("sms")), identity.log_in("ola")
    with pytest.raises(RuleBroken, match="log_in_over"):
        confirm(identity, ola, attempt, code)
    with identity.uow() as store:
        store.log_ins.end(store.log_ins.sign_on(kari.sid))

    with pytest.raises(RuleBroken, match="log_in_over"):
        confirm(identity, kari, attempt, code)
    assert details(identity, kari.user_id).mobile == OLD


@pytest.mark.req("IDN-11", "IDN-15")
def test_many_codes_at_once_are_looked_at_five_times(identity, kari):
    attempt = begin(identity, kari)
    code = int(code_in(identity.sent("sms")))
    identity.hasher = CountingHasher(identity.hasher)

    def type_in(typed):
        try:
            confirm(identity, kari, attempt, typed)
        except RuleBroken as broken:
            return broken.code
        return "changed"

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(type_in, [f"{(code + n) % 10**6:06d}" for n in range(1, 41)]))
    assert (answers.count("wrong_code"), answers.count("changed"), identity.hasher.asked) == (5, 0, 5)


@pytest.mark.req("IDN-11", "IDN-15")
def test_five_codes_an_hour_whatever_they_are_for(lite):
    lite.add("kari", number=OLD)
    done = lite.log_in("kari")
    attempt = begin(lite, done)
    for _ in range(3):
        send_contact_code(attempt, **parts(lite))

    with pytest.raises(RuleBroken, match="too_many_codes"):
        begin(lite, done, NEW_EMAIL, EMAIL)


@pytest.mark.req("GEN-04", "IDN-15")
def test_the_wanted_number_stands_sealed_and_is_told_nowhere(lite):
    lite.add("kari", number=OLD)
    attempt = begin(lite, lite.log_in("kari"))

    with lite.database.reading() as session:
        row = session.query(AttemptRow).filter_by(purpose="mobile").one()
    shown = repr(row.__dict__) + repr(lite.jobs("send_message")) + repr(lite.events()) + repr(lite.log())
    assert not [secret for secret in ("40000002", attempt) if secret in shown]
    assert lite.seals.open_wanted(row.wanted, row.user_id, "mobile") == "+4740000002"


@pytest.mark.req("GEN-05", "IDN-15")
def test_the_language_of_messages_changes_at_once(identity, kari):
    change_language(kari.user_id, "en", uow=identity.uow)
    begin(identity, kari)

    assert identity.sent("sms")[0][1].startswith("en ")
    assert identity.log()[-1][1:] == (f"user:{kari.user_id}/language", "", {"language": ["nb", "en"]})
    with pytest.raises(FormRefused):
        change_language(kari.user_id, "de", uow=identity.uow)
