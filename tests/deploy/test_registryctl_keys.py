"""Master keys are changed while the services run; the tool works from a service's own environment."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import LargeBinary, insert, select

from deploy.embedded.suite import make_keys
from deploy.migrate import DATABASES, metadata_of
from deploy.processes import ROOT
from deploy.registryctl import __main__ as registryctl
from deploy.registryctl.sealed import SEALED
from services.identity.app import build as build_identity
from services.identity.domain.codes import Purpose
from services.identity.domain.passkeys import NewPasskey
from services.identity.settings import Settings as IdentitySettings
from services.identity.store.factor_tables import AppRow
from services.identity.store.log_in_tables import AttemptRow
from services.identity.store.lost_phone_tables import LostPhoneRow
from services.identity.store.tables import MessageRow
from services.identity.usecases.add_user import add_user
from services.identity.usecases.one_time_code import open_attempt
from services.registration.app import build as build_registration
from services.registration.domain.person import PersonFacts, Sex
from services.registration.settings import Settings as RegistrationSettings
from services.registration.store.claims import ClaimStore
from services.registration.store.person_tables import ClaimRow, PersonRow
from services.registration.store.persons import _SEALED as SEALED_BY_PERSON
from shared.db.encryption import Cipher
from tests.deploy.conftest import lay_empty_tables

SERVICES = ("identity", "registration", "reservation")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
# The kit's own, under the secret of the web app, for two days.
OF_THE_KIT = "idempotency_key"


@pytest.fixture
def suite(machine):
    """The environment of a suite on one machine, with keys and empty tables."""
    return machine(*SERVICES, tables=(*SERVICES, "persons"))


@pytest.fixture
def on_postgresql(suite, postgresql_cluster, monkeypatch):
    """The same with the person store on PostgreSQL."""
    suite["REGISTRATION_PERSONS_DATABASE_URL"] = url = postgresql_cluster.create("persons_to_reseal")
    monkeypatch.setenv("REGISTRATION_PERSONS_DATABASE_URL", url)
    lay_empty_tables(suite, "persons")
    yield suite
    postgresql_cluster.drop("persons_to_reseal")


def person(number):
    given = {"number": f"0{number}", "number_kind": "other", "name": f"Prøve {number}"}
    return PersonFacts(**given, sex=Sex.FEMALE, birth_on=date(1980, 1, 1))


def check_rotation(env, capsys):
    running = build_registration(RegistrationSettings.from_env(env)).means.persons
    pids = [running.keep(person(number)) for number in range(3)]

    assert registryctl.main(["registration", "keys", "rotate", "--why", "yearly"]) == 0

    with running.database.reading() as session:
        keys = set(map(Cipher.key_id_of, session.scalars(select(PersonRow.data_key))))
    assert keys == {"k2"}
    assert [running.read(pid).name for pid in pids] == ["Prøve 0", "Prøve 1", "Prøve 2"]
    fresh = build_registration(RegistrationSettings.from_env(env)).means.persons
    assert fresh.read(pids[0]).name == "Prøve 0"
    for store in (running, fresh):
        store.database.engine.dispose()
    capsys.readouterr()


@pytest.mark.req("GEN-04")
def test_persons_are_readable_through_a_change_of_keys(suite, capsys):
    check_rotation(suite, capsys)

    assert registryctl.main(["registration", "keys", "list"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [["k1", "0"], ["k2", "current", "3"]]


@pytest.mark.req("GEN-04")
def test_claimed_numbers_are_readable_through_a_change_of_keys(suite):
    claims = ClaimStore(build_registration(RegistrationSettings.from_env(suite)).means.persons)
    claim = claims.make("17855749815", datetime(2099, 1, 1, tzinfo=UTC))

    assert registryctl.main(["registration", "keys", "rotate", "--why", "yearly"]) == 0

    with claims.persons.database.reading() as session:
        assert Cipher.key_id_of(session.scalars(select(ClaimRow.data_key)).one()) == "k2"
    assert claims.read(claim) == "17855749815"
    claims.persons.database.engine.dispose()


@pytest.mark.postgresql
@pytest.mark.req("GEN-04")
def test_persons_are_readable_through_a_change_of_keys_on_postgresql(on_postgresql, capsys):
    check_rotation(on_postgresql, capsys)


@pytest.mark.req("GEN-04")
def test_what_a_running_service_sealed_meanwhile_is_sealed_anew_later(suite, capsys):
    running = build_registration(RegistrationSettings.from_env(suite)).means.persons
    registryctl.main(["registration", "keys", "rotate", "--why", "yearly"])
    pid = running.keep(person(1))

    assert registryctl.main(["registration", "keys", "reseal", "--why", "all are restarted"]) == 0

    assert "1 values are now sealed with k2." in capsys.readouterr().out
    assert running.read(pid).name == "Prøve 1"
    running.database.engine.dispose()


@pytest.mark.req("GEN-04")
def test_messages_of_identity_open_after_a_change_of_keys(suite):
    means = build_identity(IdentitySettings.from_env(suite)).means
    given = {"message_id": "m1", "kind": "sms", "created_at": NOW, "useless_after": NOW}
    with means.uow() as store:
        content = means.seals.seal_message({"text": "a"}, message_id="m1")
        store.session.execute(insert(MessageRow).values(**given, content=content))

    assert registryctl.main(["identity", "keys", "rotate", "--why", "yearly"]) == 0

    with means.uow.database.reading() as session:
        blob = session.scalar(select(MessageRow.content))
    assert Cipher.key_id_of(blob) == "k2"
    assert means.seals.open_message(blob, message_id="m1") == {"text": "a"}


@pytest.mark.req("GEN-04", "IDN-13")
def test_second_factors_work_after_a_change_of_keys(suite):
    means = build_identity(IdentitySettings.from_env(suite)).means
    fields = {"user_name": "kari", "full_name": "Kari", "mobile": "40000001", "email": "kari@vest.example.no"}
    user_id = add_user(fields, [], messages=means.messages, hasher=means.hasher, uow=means.uow)
    with means.uow() as store:
        secret = means.seals.seal_app_secret("ABC", user_id=user_id)
        store.factors.add(AppRow(user_id=user_id, secret=secret, begun_at=NOW))
        made = NewPasskey(credential_id=b"1", public_key=b"2", sign_count=0, transports=())
        store.factors.add_passkey(user_id, made, "Telefonen", means.seals)

    assert registryctl.main(["identity", "keys", "rotate", "--why", "yearly"]) == 0

    with means.uow() as store:
        app, passkey = store.factors.app(user_id), store.factors.passkeys(user_id)[0]
        assert {Cipher.key_id_of(app.secret), Cipher.key_id_of(passkey.name)} == {"k2"}
        assert means.seals.open_app_secret(app.secret, user_id=user_id) == "ABC"
        assert means.seals.open_passkey_name(passkey.name, credential_hash=passkey.credential_hash) == "Telefonen"


@pytest.mark.req("GEN-04", "IDN-15", "IDN-16")
def test_new_numbers_that_wait_open_after_a_change_of_keys(suite):
    means = build_identity(IdentitySettings.from_env(suite)).means
    fields = {"user_name": "kari", "full_name": "Kari", "mobile": "40000001", "email": "kari@vest.example.no"}
    user_id = add_user(fields, [], messages=means.messages, hasher=means.hasher, uow=means.uow)
    why = {"checked_how": "known", "reason": "Mistet", "begun_by": 0, "begun_at": NOW}
    with means.uow() as store:
        wanted = means.seals.seal_wanted("+4740000002", user_id, "mobile")
        open_attempt(store, store.users.get(user_id), Purpose.MOBILE, wanted=wanted)
        store.lost_phones.add(LostPhoneRow(matter_id="m1", user_id=user_id, mobile=wanted, **why))

    assert registryctl.main(["identity", "keys", "rotate", "--why", "yearly"]) == 0

    with means.uow() as store:
        attempt, lost = store.session.query(AttemptRow).one(), store.lost_phones.get("m1")
        assert {Cipher.key_id_of(attempt.wanted), Cipher.key_id_of(lost.mobile)} == {"k2"}
        for blob in (attempt.wanted, lost.mobile):
            assert means.seals.open_wanted(blob, user_id, "mobile") == "+4740000002"


def test_every_sealed_column_can_be_sealed_anew():
    columns = {
        (t.name, c.name)
        for d in DATABASES
        for t in metadata_of(d).tables.values()
        for c in t.columns
        if isinstance(c.type, LargeBinary)
    }
    known = {(t.row.__tablename__, column) for sealed in SEALED.values() for t in sealed.tables for column in t.columns}

    columns = {(table, column) for table, column in columns if table != OF_THE_KIT}
    by_person = {("person", column) for column in SEALED_BY_PERSON} | {("draft", "content"), ("number_claim", "number")}
    assert columns == known | by_person


@pytest.mark.req("BUS-04")
def test_the_tool_is_run_by_hand_for_a_suite_in_a_folder(suite, tmp_path):
    command = [sys.executable, "-m", "deploy.registryctl", "reservation", "--demo", str(tmp_path), "outbox", "status"]
    done = subprocess.run(
        command, check=False, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert "outbox_oldest_seconds  0" in done.stdout


def test_a_service_that_seals_nothing_says_so(suite, capsys):
    make_keys(["eprom"], suite)
    assert registryctl.main(["eprom", "keys", "list"]) == 1
    assert "seals nothing" in capsys.readouterr().err
