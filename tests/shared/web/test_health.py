"""/health, /ready and /metrics: alive is not ready, and degraded is not dead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client import values as prometheus_values

from shared.auth.policy import Policy
from shared.contracts.identity import UserDeactivated
from shared.db.errors import DatabaseUnavailable
from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.testing.web import make_client
from shared.web.app import make_app
from shared.web.health import NotReady, ReadyCheck, outbox_check
from shared.web.settings import WebSettings
from tests.shared.web.kit import KIT_TABLES, SETTINGS


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
@pytest.mark.parametrize(("waited", "state"), [(timedelta(seconds=60), "ready"), (timedelta(seconds=61), "degraded")])
def test_an_event_that_waits_over_a_minute_degrades_the_service(lite, waited, state):
    uow = UnitOfWork(lite.database, Store, KIT_TABLES, clock=lite.clock)
    with uow() as store:
        store.emit(UserDeactivated(user_id=7))
    lite.clock.move(waited)

    checks = an_app(lite, outbox_check(lite.database, KIT_TABLES, lite.clock)).get("/ready").json["checks"]

    assert checks == {"database": "ready", "outbox": state}


@pytest.mark.req("OPS-04")
def test_requests_are_counted_by_pattern_and_never_by_path(client):
    client.get("/fail/gone?x=01810012345")
    client.open("/01810012345", method="KARI")

    text = client.get("/metrics").text
    assert 'http_requests_total{method="GET",rule="/fail/<how>",service="small",status="410"}' in text
    assert 'http_request_seconds_count{method="other",rule="unknown",service="small"}' in text
    assert "01810012345" not in text


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
