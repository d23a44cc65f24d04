"""Limits: exact over threads and processes, on both databases, with a time to wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select

from shared.testing.web import make_client
from shared.web.housekeeping import purge_web_tables
from shared.web.problems import TooMany
from shared.web.tables import WEB
from shared.web.throttle import Throttle
from tests.shared.web.kit import METADATA, World

MINUTE = timedelta(minutes=1)
THREADS = 50


@pytest.fixture
def throttle(world):
    return Throttle(world.database, world.clock, "s" * 40)


def tries(throttle, key, times, limit=3):
    passed = 0
    for _ in range(times):
        try:
            throttle.take(key, limit=limit, window=MINUTE)
            passed += 1
        except TooMany:
            continue
    return passed


@pytest.mark.req("IDN-11")
def test_exactly_the_limit_passes_in_a_window_and_again_in_the_next(world, throttle):
    assert tries(throttle, "a", 10) == 3
    world.clock.move(timedelta(seconds=59, microseconds=999_999))
    assert tries(throttle, "a", 10) == 0
    world.clock.move(timedelta(microseconds=1))
    assert tries(throttle, "a", 10) == 3


@pytest.mark.req("IDN-11", "OPS-06")
def test_fifty_at_once_do_not_get_one_more_than_the_limit(make_database, world):
    database, start = make_database(METADATA), Barrier(THREADS)

    def guess(_):
        own = Throttle(database, world.clock, "s" * 40)
        start.wait()
        return tries(own, "owner", 4, limit=20)

    with ThreadPoolExecutor(THREADS) as pool:
        passed = list(pool.map(guess, range(THREADS)))

    assert sum(passed) == 20


def test_keys_do_not_disturb_each_other(throttle):
    assert (tries(throttle, "a", 5), tries(throttle, "b", 5)) == (3, 3)


def empty(world):
    with world.database.transaction() as session:
        session.execute(delete(WEB.throttle_counter))


@pytest.mark.req("OPS-06")
def test_a_full_window_is_remembered_until_it_ends_and_the_database_is_left_alone(world, throttle):
    tries(throttle, "a", 4)
    empty(world)
    world.clock.move(timedelta(seconds=59))
    assert tries(throttle, "a", 2) == 0
    world.clock.move(timedelta(seconds=1))

    assert tries(throttle, "a", 5) == 3


@pytest.mark.req("OPS-06")
def test_another_process_learns_that_a_window_is_full_from_the_database(world, throttle):
    tries(throttle, "a", 3)
    other = Throttle(world.database, world.clock, "s" * 40)
    with pytest.raises(TooMany):
        other.look("a", limit=3)

    assert tries(Throttle(world.database, world.clock, "s" * 40), "a", 2) == 0


def test_looking_counts_nothing(throttle):
    for _ in range(5):
        throttle.look("a", limit=3)

    assert tries(throttle, "a", 5) == 3


def test_more_full_windows_than_are_remembered_stay_full(throttle, monkeypatch):
    monkeypatch.setattr("shared.web.throttle._MOST_REMEMBERED", 2)
    for key in "abcde":
        tries(throttle, key, 4)

    assert [tries(throttle, key, 1) for key in "abcde"] == [0] * 5


def test_a_refusal_says_how_long_to_wait(world, throttle):
    tries(throttle, "a", 3)
    world.clock.move(timedelta(seconds=17, milliseconds=500))

    with pytest.raises(TooMany) as caught:
        throttle.take("a", limit=3, window=MINUTE)

    assert ("Retry-After", "43") in caught.value.get_headers()


def test_the_table_does_not_tell_whose_tries_it_counts(world, throttle):
    throttle.take("user kari 192.0.2.1", limit=3, window=MINUTE)

    with world.database.reading() as session:
        (row,) = session.execute(select(WEB.throttle_counter)).all()
    assert "kari" not in str(row)
    assert len(row.key_hash) == 64


def test_counters_are_removed_when_their_window_is_over(world, throttle):
    tries(throttle, "old", 1)
    world.clock.move(MINUTE)
    tries(throttle, "new", 1)

    assert purge_web_tables(world.database, world.clock)["throttle_counter"] == 1


@pytest.mark.req("OPS-06")
def test_a_limited_route_answers_429_with_the_time_to_wait(lite):
    client = make_client(lite.app)
    eprom, release = (
        {"Authorization": f"Bearer {lite.identity.service_token('small', name)}"} for name in ("eprom", "release")
    )

    codes = [client.get("/api/notes/limited", headers=eprom).status_code for _ in range(4)]
    refused = client.get("/api/notes/limited", headers=eprom)

    assert codes == [204, 204, 204, 429]
    assert refused.headers["Retry-After"] == "60"
    assert refused.json["type"] == "urn:registry:problem:too_many"
    assert client.get("/api/notes/limited", headers=release).status_code == 204


def test_a_visitor_is_counted_by_address_and_a_made_up_header_changes_nothing(lite_database):
    world = World(lite_database)
    client = make_client(world.app)
    addresses = []

    @world.app.before_request
    def note():
        from shared.web.throttle import who_asks

        addresses.append(who_asks())

    client.get("/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert addresses == ["address:127.0.0.1"]
