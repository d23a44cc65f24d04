"""What one process commits is heard by the worker in another, and ringing never fails."""

from __future__ import annotations

import threading
from contextlib import contextmanager

import pytest

from shared.contracts.registration import CourseDeleted
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.outbox.bell import make_bell
from tests.shared.outbox.kit import METADATA, make_uow

LONGEST_SECONDS = 30


@contextmanager
def listening(database):
    """A worker's ear: an event that is set whenever the bell is heard."""
    heard, stop = threading.Event(), threading.Event()
    thread = threading.Thread(target=make_bell(database).listen, args=(stop, heard.set))
    thread.start()
    assert heard.wait(LONGEST_SECONDS)
    heard.clear()
    yield heard
    stop.set()
    thread.join(LONGEST_SECONDS)


@pytest.mark.req("BUS-01")
def test_a_commit_with_news_is_heard_elsewhere(make_database):
    here, elsewhere = make_database(METADATA), make_database(METADATA)
    with listening(elsewhere) as heard:
        with make_uow(here)() as store:
            store.emit(CourseDeleted(course_id=1, pid=1))

        assert heard.wait(LONGEST_SECONDS)


@pytest.mark.req("BUS-01")
def test_what_is_told_again_and_again_is_heard_each_time(make_database):
    here, elsewhere = make_bell(make_database(METADATA)), make_database(METADATA)
    with listening(elsewhere) as heard:
        for _ in range(3):
            here.ring()

            assert heard.wait(LONGEST_SECONDS)
            heard.clear()


def test_ringing_without_a_worker_does_nothing(make_database):
    with make_uow(make_database(METADATA))() as store:
        store.emit(CourseDeleted(course_id=1, pid=1))


def test_a_database_in_memory_has_nobody_to_wake():
    engine = make_engine("sqlite://")
    make_bell(Database(engine, METADATA)).ring()
    engine.dispose()
