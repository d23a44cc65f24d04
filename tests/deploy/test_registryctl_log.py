"""Operators check the log, run jobs again and change keys; the tool reads a service's own environment."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update

from deploy.registryctl import __main__ as registryctl
from shared.scheduling.jobs import JobWaits, enqueue
from tests.deploy.operator import Office
from tests.shared.outbox.kit import KIT, METADATA, NOW

LOG = KIT.audit.log


@pytest.fixture
def office(make_database, tmp_path):
    return Office(make_database(METADATA), f"sqlitebus:///{tmp_path}/bus.sqlite", tmp_path)


def note_three(office):
    for what in ("a", "b", "c"):
        with office.uow() as store:
            store.log_access(registryctl.Desk(office.worker, None, "kari", "test").entry(what, {}))


def change(office, statement):
    with office.database.transaction() as session:
        session.execute(statement)


@pytest.mark.req("GEN-06")
def test_a_whole_log_is_told_as_such_and_a_changed_one_by_its_entry(office, capsys):
    note_three(office)
    assert office.type("audit", "verify") == 0
    assert capsys.readouterr().out == "3 entries, the chain is whole.\n"

    change(office, update(LOG).where(LOG.c.sequence == 2).values(actor="nobody"))

    assert office.type("audit", "verify") == 1
    assert "BROKEN at entry 2" in capsys.readouterr().out


@pytest.mark.req("GEN-06")
def test_a_log_that_was_cut_is_found_by_a_head_kept_elsewhere(office, capsys):
    note_three(office)
    head = office.folder / "head"
    assert office.type("audit", "head", "--to", str(head)) == 0
    assert office.type("audit", "verify", "--head", str(head)) == 0
    assert "holds entry 3 as it was" in capsys.readouterr().out

    change(office, delete(LOG).where(LOG.c.sequence == 3))
    change(office, update(KIT.audit.head).values(sequence=2, hash=second_hash(office)))

    assert office.type("audit", "verify") == 0
    assert office.type("audit", "verify", "--head", str(head)) == 1


def second_hash(office):
    with office.database.reading() as session:
        return session.scalar(LOG.select().with_only_columns(LOG.c.hash).where(LOG.c.sequence == 2))


@pytest.mark.req("GEN-06")
def test_a_head_that_somebody_has_changed_is_refused(office, capsys):
    note_three(office)
    head = office.folder / "head"
    office.type("audit", "head", "--to", str(head))
    head.write_text(head.read_text().replace("3", "2", 1))

    assert office.type("audit", "verify", "--head", str(head)) == 1
    assert "somebody has changed it" in capsys.readouterr().err


@pytest.mark.req("OPS-08")
def test_a_job_that_was_given_up_is_listed_and_run_again(office, capsys):
    done = []
    with office.uow() as store:
        enqueue(store.session, KIT.scheduling, "send", key="1", due_at=NOW, arguments={"case_id": "x"})
    change(office, update(KIT.scheduling.job).values(failed_at=NOW, attempts=12, error="Timeout"))
    office.jobs["send"] = done.append

    assert office.type("jobs", "list", "--failed") == 0
    assert "given up  Timeout" in capsys.readouterr().out
    assert office.type("jobs", "run", "1", "--why", "they are back") == 0
    assert (done, capsys.readouterr().out) == ([{"case_id": "x"}], "Job 1, send: finished.\n")
    assert office.entries()[0][1:] == ("job 1", "they are back", {"act": "run", "name": "send", "error": "Timeout"})


def test_a_job_that_still_waits_is_told_as_such(office, capsys):
    with office.uow() as store:
        enqueue(store.session, KIT.scheduling, "send", key="1", due_at=NOW, arguments={})

    def wait(_):
        raise JobWaits("no answer")

    office.jobs["send"] = wait

    assert office.type("jobs", "run", "1", "--why", "try") == 1
    assert capsys.readouterr().out == "Job 1, send: waiting, no answer.\n"
    assert office.type("jobs", "run", "2", "--why", "try") == 1
