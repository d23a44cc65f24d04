"""A worker as a process of its own: it runs until it is told to stop, and tells machines how it is doing."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from shared.bus.worker import Worker
from shared.garbage import spare_what_stays
from shared.observability.log import configure_logging
from shared.web.backlog import Backlog
from shared.web.health import NotReady, ReadyCheck, blueprint, database_check, outbox_check

PORT = "WORKER_PORT"


def run_workers(name: str, workers: Sequence[Worker]) -> None:
    """Run workers until SIGTERM or SIGINT; with WORKER_PORT set, /health, /ready and /metrics are there meanwhile."""
    configure_logging(name)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    for worker in workers:
        worker.start(stop)
    door = _door(workers)
    spare_what_stays()
    stop.wait()
    if door is not None:
        door.shutdown()
    for worker in workers:
        worker.join()


def door_app(workers: Sequence[Worker]) -> Flask:
    """The three pages for machines of these workers."""
    app = Flask(__name__, static_folder=None)
    checks = [check for worker in workers for check in _checks(worker)]
    app.register_blueprint(blueprint(checks, [_backlog(worker) for worker in workers]))
    return app


def _door(workers: Sequence[Worker]) -> BaseWSGIServer | None:
    if PORT not in os.environ:
        return None
    host = os.environ.get("WORKER_HOST", "127.0.0.1")
    server = make_server(host, int(os.environ[PORT]), door_app(workers), threaded=True)
    threading.Thread(target=server.serve_forever, name="door", daemon=True).start()
    return server


def _checks(worker: Worker) -> list[ReadyCheck]:
    database, uow = worker.uow.database, worker.uow

    def threads() -> None:
        if not worker.is_running():
            raise NotReady("thread_ended")

    own = [database_check(database), outbox_check(database, uow.kit, uow.clock), ReadyCheck("threads", threads)]
    return [ReadyCheck(f"{worker.service}.{check.name}", check.probe, is_vital=check.is_vital) for check in own]


def _backlog(worker: Worker) -> Backlog:
    return Backlog(worker.service, worker.uow.database, worker.uow.kit, worker.uow.clock)
