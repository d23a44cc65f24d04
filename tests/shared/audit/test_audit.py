"""The log of who saw what cannot be changed unseen."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update

from shared.audit.log import Access, export_head, read_head, verify
from tests.shared.outbox.kit import KIT, METADATA, make_uow

LOG = KIT.audit.log


@pytest.fixture
def database(make_database):
    return make_database(METADATA)


def entry(number=1, **values):
    valid = {"actor": "user:1", "role": "LU", "organisation": 100082, "registry": "smertereg", "pid": number}
    return Access(**(valid | {"action": "read", "object": "course:1/TO", "reason": "treatment"} | values))


def write(database, how_many):
    uow = make_uow(database)
    for number in range(how_many):
        with uow() as store:
            store.log_access(entry(number))


def verdict(database, checkpoint=None):
    with database.reading() as session:
        return verify(session, KIT.audit, checkpoint)


@pytest.mark.req("GEN-06")
def test_an_untouched_log_is_sound(database):
    write(database, 5)

    assert verdict(database).is_sound
    assert verdict(database).entries == 5


@pytest.mark.req("GEN-06")
@pytest.mark.parametrize(
    "tamper",
    [
        update(LOG).where(LOG.c.sequence == 3).values(actor="user:2"),
        update(LOG).where(LOG.c.sequence == 3).values(reason="other"),
        delete(LOG).where(LOG.c.sequence == 3),
        delete(LOG).where(LOG.c.sequence == 5),
        update(LOG).where(LOG.c.sequence == 5).values(sequence=6),
        update(LOG).where(LOG.c.sequence == 2).values(hash="0" * 64),
    ],
)
def test_tampering_is_found(database, tamper):
    write(database, 5)
    with database.transaction() as session:
        session.execute(tamper)

    assert not verdict(database).is_sound


@pytest.mark.req("GEN-06")
def test_a_cut_tail_with_its_head_is_found_by_the_exported_head(database, tmp_path):
    write(database, 5)
    with database.reading() as session:
        export_head(session, KIT.audit, tmp_path / "head", b"key")
    with database.transaction() as session:
        session.execute(delete(LOG).where(LOG.c.sequence == 5))
        left = session.scalar(select(LOG.c.hash).where(LOG.c.sequence == 4))
        session.execute(update(KIT.audit.head).values(sequence=4, hash=left))

    assert verdict(database).is_sound
    assert not verdict(database, read_head(tmp_path / "head", b"key")).is_sound


@pytest.mark.req("GEN-06")
def test_writers_side_by_side_make_one_chain(database):
    threads = [threading.Thread(target=write, args=(database, 5)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert verdict(database).is_sound
    assert verdict(database).entries == 40


@pytest.mark.req("GEN-06")
def test_what_a_service_does_by_itself_is_logged_as_of_the_system(database):
    act = {"registry": "smertereg", "pid": 7, "action": "write", "object": "form:1/TO", "reason": "patient_form"}
    with make_uow(database)() as store:
        store.log_access(Access.by_system("registration", **act, organisation=100082))
        store.log_access(Access.by_system("service:eprom", **act, change={"rule": [None, "x"]}))

    with database.reading() as session:
        kept = session.execute(select(LOG).order_by(LOG.c.sequence)).all()
    assert [(row.actor, row.role, row.organisation, row.kind) for row in kept] == [
        ("registration", "system", 100082, "access"),
        ("service:eprom", "system", None, "change"),
    ]


def test_a_changed_export_is_refused(database, tmp_path):
    write(database, 1)
    with database.reading() as session:
        export_head(session, KIT.audit, tmp_path / "head", b"key")
    (tmp_path / "head").write_text((tmp_path / "head").read_text().replace("1 ", "2 ", 1))

    with pytest.raises(ValueError, match="seal"):
        read_head(tmp_path / "head", b"key")


def test_entries_of_one_transaction_are_read_again_as_they_were_chained(database):
    change = {"name": ["Åse «1»\n\\", None], "doses": [{"b": 0.5, "a": 1e-7}, [1.0, Decimal("2.50"), True, {}]]}
    with make_uow(database)() as store:
        for number in range(3):
            store.log_access(entry(number, change=change, organisation=None, reason='"quoted" \\'))

    with database.reading() as session:
        kept = session.scalars(select(LOG.c.change).order_by(LOG.c.sequence)).all()
    assert kept == 3 * [{"name": ["Åse «1»\n\\", None], "doses": [{"b": 0.5, "a": 1e-7}, [1, "2.50", True, {}]]}]
    assert verdict(database).is_sound
    assert verdict(database).entries == 3
