"""Is the process alive, can it serve, and what does it count: /health, /ready and /metrics."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import structlog
from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.registry import Collector
from sqlalchemy import select, text

from shared.db.database import Database
from shared.outbox.tables import KitTables
from shared.scheduling.clock import Clock

log = structlog.get_logger("web")
OLDEST_EVENT = timedelta(minutes=1)
MULTIPROCESS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class State(StrEnum):
    """How a process, or one thing it leans on, is doing."""

    READY = "ready"
    DEGRADED = "degraded"
    DOWN = "down"


class NotReady(Exception):  # noqa: N818  says what happened
    """Raised by a probe; `reason` is a short code such as "outbox_old", shown on /ready."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class ReadyCheck:
    """One thing the service leans on; a failing one degrades the service and takes it down only if `is_vital`."""

    name: str
    probe: Callable[[], None]
    is_vital: bool = False


def database_check(database: Database) -> ReadyCheck:
    """Return the check that the service's own database answers."""

    def probe() -> None:
        with database.reading() as session:
            session.execute(text("SELECT 1"))

    return ReadyCheck("database", probe, is_vital=True)


def outbox_check(database: Database, kit: KitTables, clock: Clock) -> ReadyCheck:
    """Return the check that no event has waited for more than a minute to be told."""
    outbox = kit.outbox.outbox

    def probe() -> None:
        with database.reading() as session:
            oldest = session.scalar(select(outbox.c.time).order_by(outbox.c.position).limit(1))
        if oldest is not None and clock.now() - oldest > OLDEST_EVENT:
            raise NotReady("outbox_old")

    return ReadyCheck("outbox", probe)


def blueprint(checks: Sequence[ReadyCheck], collectors: Sequence[Collector] = ()) -> Blueprint:
    """Return the three pages for machines; `collectors` count when the metrics are asked for."""
    pages = Blueprint("kit", __name__)

    @pages.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify(status="ok")

    @pages.get("/ready")
    def ready() -> ResponseReturnValue:
        found = {check.name: _state_of(check) for check in checks}
        worst = max(found.values(), key=list(State).index, default=State.READY)
        return jsonify(status=worst, checks=found), 503 if worst is State.DOWN else 200

    @pages.get("/metrics")
    def metrics() -> ResponseReturnValue:
        return Response(
            generate_latest(_registry()) + generate_latest(_asked(collectors)), content_type=CONTENT_TYPE_LATEST
        )

    return pages


def _state_of(check: ReadyCheck) -> State:
    try:
        check.probe()
    except Exception as error:  # noqa: BLE001  whatever a probe raises means the same: the thing is not there
        log.warning("not ready", check=check.name, error=type(error).__name__)
        return State.DOWN if check.is_vital else State.DEGRADED
    return State.READY


def _asked(collectors: Sequence[Collector]) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    for collector in collectors:
        registry.register(collector)
    return registry


def _registry() -> CollectorRegistry:
    if MULTIPROCESS_FOLDER not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
