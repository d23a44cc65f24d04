"""Short forms of the fault tests: each can fail for the same reasons as its long form, `make soak`."""

from __future__ import annotations

import sys

import pytest

from tests.faults import backlog, crashes, disorder, kills, outage, poison
from tests.shared.outbox.kit import METADATA

SEED, EVENTS, KILLS = 20261121, 1000, 10
pytestmark = pytest.mark.fault


def told(verdict):
    sys.stdout.write(f"{verdict.line()}\n")
    return verdict


@pytest.mark.req("BUS-01", "BUS-03")
def test_nothing_is_lost_or_done_twice_on_one_machine_whatever_is_killed(tmp_path):
    verdict = told(kills.run_until_it_bites(lambda: kills.embedded(tmp_path), seed=SEED, events=EVENTS, kills=KILLS))

    assert verdict.holds, verdict.line()
    assert verdict.has_bitten, verdict.line()


@pytest.mark.rabbitmq
@pytest.mark.postgresql
@pytest.mark.req("BUS-01", "BUS-03")
def test_nothing_is_lost_or_done_twice_on_own_servers_whatever_is_killed(tmp_path, durable_cluster, rabbit):
    def make():
        return kills.production(tmp_path, durable_cluster, rabbit)

    verdict = told(kills.run_until_it_bites(make, seed=SEED, events=EVENTS, kills=KILLS))

    assert verdict.holds, verdict.line()
    assert verdict.has_bitten, verdict.line()


@pytest.mark.rabbitmq
@pytest.mark.postgresql
@pytest.mark.req("BUS-01", "BUS-03", "BUS-04")
def test_a_crash_at_any_named_point_is_repaired_by_the_next_run(tmp_path, place):
    name, urls = place
    verdict, missed = crashes.run(tmp_path, urls, names=crashes.points(), place=name)

    assert told(verdict).holds, verdict.line()
    assert missed == ([] if name.startswith("sqlite") else crashes.ON_ONE_MACHINE_ONLY)


@pytest.mark.rabbitmq
@pytest.mark.postgresql
@pytest.mark.req("BUS-01", "BUS-05", "OPS-04")
def test_commands_go_on_while_the_broker_is_down_and_drain_afterwards(tmp_path, postgresql_cluster, rabbit):
    system = kills.production(tmp_path, postgresql_cluster, rabbit)
    verdict = told(outage.run(system, seed=SEED, seconds=5, before=2, pause=0.01))

    assert verdict.holds, verdict.line()
    assert verdict.notes["failed"] == 0
    assert verdict.notes["backlog"] > 0
    assert verdict.notes["oldest_seconds"] >= 5


@pytest.mark.req("BUS-03")
def test_repeated_and_shuffled_deliveries_end_like_one_each_in_order(make_database):
    target = make_database(METADATA)
    verdict = told(disorder.run(target, seed=SEED, deliveries=5000, place=target.engine.dialect.name))

    assert verdict.holds, verdict.line()
    assert verdict.raw_duplicates > 0


@pytest.mark.rabbitmq
@pytest.mark.postgresql
@pytest.mark.req("BUS-01", "BUS-02", "BUS-04")
def test_what_cannot_be_handled_is_set_aside_alone_and_without_identity(place):
    name, urls = place
    verdict, letters, failed = poison.run(urls, seed=SEED, good=EVENTS, place=name, is_hurried=True)

    assert told(verdict).holds, verdict.line()
    assert not poison.faults_of(letters, failed)
    assert verdict.notes["parked"] == 1  # only what came behind the bug in the same course


@pytest.mark.postgresql
@pytest.mark.req("BUS-03")
def test_relays_side_by_side_keep_order_and_send_everything(database_url):
    verdict = told(backlog.side_by_side(database_url, seed=SEED, events=5000, relays=4, place="relays"))

    assert verdict.holds, verdict.line()


@pytest.mark.postgresql
@pytest.mark.req("BUS-03")
def test_an_event_that_is_committed_late_is_not_skipped(postgresql_cluster):
    verdict = told(backlog.lowest_last(postgresql_cluster.create("late"), seed=SEED, trials=100, place="postgresql"))

    assert verdict.holds, verdict.line()
    assert verdict.notes["skipped"] == 0


def test_a_run_that_hit_nothing_does_not_count():
    found = {"told": [(1, 1)], "done": [(1, 1)], "attempted": [1], "acked": [1], "bar": "R1", "place": "", "seed": 1}

    assert not kills.judge(**found, kills=10, bit=2, raw_duplicates=5).has_bitten
    assert not kills.judge(**found, kills=10, bit=9, raw_duplicates=0).has_bitten
    assert kills.judge(**found, kills=10, bit=3, raw_duplicates=1).has_bitten


def test_the_verdict_tells_what_is_lost_doubled_unexpected_or_out_of_order():
    told_in_order, ledger = [(1, 1), (1, 2), (2, 3)], {"attempted": [1, 2, 3], "acked": [1, 2, 3]}
    named = {"bar": "R1", "place": "", "seed": 1, "told": told_in_order, **ledger}

    assert kills.judge(**named, done=told_in_order).holds
    assert kills.judge(**named, done=[(1, 1), (2, 3)]).lost == [2]
    assert kills.judge(**named, done=[*told_in_order, (2, 3)]).duplicated == [3]
    assert kills.judge(**named, done=[*told_in_order, (3, 9)]).unexpected == [9]
    assert kills.judge(**named, done=[(1, 2), (1, 1), (2, 3)]).disordered == [1]
