"""Ten kills over a thousand events, on both profiles: nothing lost, nothing twice."""

from __future__ import annotations

import pytest

from shared.testing.missing import fail_or_skip
from shared.testing.postgresql import Cluster, programs
from shared.testing.rabbitmq import RabbitServer, program
from tests.faults.ledger import embedded_run, production_run, run_ledger

SEED, EVENTS, KILLS = 20261121, 1000, 10


@pytest.mark.fault
@pytest.mark.req("BUS-01", "BUS-03")
def test_the_embedded_profile_survives_kills(tmp_path):
    verdict = run_ledger(embedded_run(tmp_path, seed=SEED, events=EVENTS), kills=KILLS)

    assert verdict.holds, verdict.line()


@pytest.mark.fault
@pytest.mark.rabbitmq
@pytest.mark.postgresql
@pytest.mark.req("BUS-01", "BUS-03")
def test_the_production_profile_survives_kills_of_processes_and_broker(tmp_path):
    if programs() is None:
        fail_or_skip("postgresql")
    if program("rabbitmq-server") is None:
        fail_or_skip("rabbitmq")
    cluster, broker = Cluster.start(tmp_path / "pg", durable=True), RabbitServer(tmp_path / "rabbit")
    broker.start()
    try:
        run = production_run(tmp_path, cluster, broker, seed=SEED, events=EVENTS)
        verdict = run_ledger(run, kills=KILLS, broker_kills=1)
    finally:
        broker.stop()
        cluster.stop()

    assert verdict.holds, verdict.line()
