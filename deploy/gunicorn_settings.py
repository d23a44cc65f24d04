"""How every web server runs: two processes of eight threads, forked from one that has loaded everything."""

from __future__ import annotations

import os
from typing import Any

from shared.garbage import spare_what_stays

worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = 8
preload_app = True
control_socket_disable = True
graceful_timeout = 5
timeout = 120


def when_ready(_server: Any) -> None:
    """What is loaded before the fork stays; looking through it for garbage would now and then hold a page up."""
    spare_what_stays()


def child_exit(_server: Any, worker: Any) -> None:
    """Let go of what an ended process has counted."""
    from prometheus_client import multiprocess

    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
