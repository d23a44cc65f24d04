"""A registry is opened on an empty machine: its organisations, and the person who lets the others in."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select

from deploy.registryctl import __main__ as registryctl
from services.identity.app import build
from services.identity.settings import Settings
from services.identity.store.tables import KIT, MessageRow, RoleRow

NINA = {"user": "nina.nasjonal", "name": "Nina Solvang", "mobile": "+4740000901", "mail": "nina@register.example"}
OPENING = ["identity", "registry", "open", "smertereg", "--why", "opening day"]
ADDING = ["identity", "registry", "coordinator", "smertereg", "--why", "opening day"]


@pytest.fixture
def identity(machine):
    """Identity on a machine with keys and empty tables, ready for an operator."""
    means = build(Settings.from_env(machine("identity", "release", tables=["identity"]))).means
    yield means
    means.database.engine.dispose()


def rows(identity, table):
    with identity.database.reading() as session:
        return session.scalars(select(table)).all()


def typed(monkeypatch, **changed):
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join({**NINA, **changed}.values())))


@pytest.mark.req("IDN-02", "IDN-12")
def test_a_registry_is_opened_with_its_first_coordinator(identity, monkeypatch, capsys):
    typed(monkeypatch)
    assert [registryctl.main(OPENING), registryctl.main(ADDING)] == [0, 0]
    with identity.uow() as store:
        assert store.units.choices().tree.find(100082).name == "Haukeland universitetssjukehus"
    (role,) = rows(identity, RoleRow)
    assert (role.role, role.registry_key, role.organisation) == ("SC", "smertereg", 0)
    assert len(rows(identity, MessageRow)) == 1
    with identity.database.reading() as session:
        log = session.execute(select(KIT.audit.log.c.reason, KIT.audit.log.c.change)).all()
    assert {"opening day"} <= {line.reason for line in log}
    assert not any(value in str(log) or value in capsys.readouterr().err for value in NINA.values())


@pytest.mark.req("IDN-02")
def test_opening_again_changes_nothing(identity, capsys):
    assert [registryctl.main(OPENING), registryctl.main(OPENING)] == [0, 0]
    assert capsys.readouterr().out.splitlines()[1].endswith("; 0 units are new or changed.")


@pytest.mark.req("IDN-02")
@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["release", *OPENING[1:]], "Users and organisations are kept by identity."),
        ([*OPENING[:3], "nowhere", *OPENING[4:]], "No definition of a registry nowhere"),
        (OPENING[:4], "Say why"),
        (ADDING, "Mobile: "),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(identity, monkeypatch, capsys, command, said):
    typed(monkeypatch, mobile="12")
    assert registryctl.main(command) == 1
    assert said in capsys.readouterr().err
    assert rows(identity, RoleRow) == []
    assert rows(identity, MessageRow) == []
