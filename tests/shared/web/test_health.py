"""/health, /ready and /metrics: alive is not ready, and degraded is not dead."""

from __future__ import annotations

import pytest
from prometheus_client import values as prometheus_values

from shared.auth.policy import Policy
from shared.db.errors import DatabaseUnavailable
from shared.testing.web import make_client
from shared.web.app import make_app
from shared.web.health import NotReady, ReadyCheck
from shared.web.settings import WebSettings
from tests.shared.web.kit import SETTINGS


def an_app(lite, *checks):
    return make_client(
        make_app(
            "bare",
            settings=WebSettings(**SETTINGS),
            policy=Policy([]),
            database=lite.database,
            clock=lite.clock,
            ready_checks=checks,
        )
    )


def failing(error):
    def probe():
        raise error

    return probe


@pytest.mark.req("OPS-04")
def test_ready_when_everything_answers(lite):
    answer = an_app(lite, ReadyCheck("bus", lambda: None)).get("/ready")

    assert answer.status_code == 200
    assert answer.json == {"status": "ready", "checks": {"database": "ready", "bus": "ready"}}


@pytest.mark.req("OPS-04")
@pytest.mark.parametrize("error", [NotReady("outbox_old"), ConnectionRefusedError(), KeyError("x")])
def test_with_the_bus_down_the_service_is_degraded_and_not_dead(lite, error):
    client = an_app(lite, ReadyCheck("bus", failing(error)))

    answer = client.get("/ready")

    assert answer.status_code == 200
    assert answer.json == {"status": "degraded", "checks": {"database": "ready", "bus": "degraded"}}
    assert client.get("/health").json == {"status": "ok"}


@pytest.mark.req("OPS-04")
def test_without_what_is_vital_the_service_is_down_but_alive(lite):
    keys = ReadyCheck("keys", failing(DatabaseUnavailable("x")), is_vital=True)
    client = an_app(lite, keys, ReadyCheck("bus", failing(NotReady("away"))))

    answer = client.get("/ready")

    assert answer.status_code == 503
    assert answer.json["status"] == "down"
    assert client.get("/health").status_code == 200


@pytest.mark.req("OPS-04")
def test_a_probe_that_fails_is_logged_without_its_message(lite, capsys):
    an_app(lite, ReadyCheck("bus", failing(ValueError("amqp://user:secret@host")))).get("/ready")

    logged = capsys.readouterr().out
    assert "ValueError" in logged
    assert "secret" not in logged


@pytest.mark.req("OPS-04")
def test_metrics_are_in_prometheus_own_format(client):
    answer = client.get("/metrics")

    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert "# HELP python_info" in answer.text


@pytest.mark.req("OPS-04")
def test_with_several_processes_the_numbers_are_added_up(lite, tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    for process in (1, 2):
        counter = prometheus_values.MultiProcessValue(lambda process=process: process)(
            "counter", "small_things", "small_things_total", (), (), "Things."
        )
        counter.inc(process)

    answer = an_app(lite).get("/metrics")

    assert "small_things_total 3.0" in answer.text
