"""`python -m deploy.embedded.worker`: the workers of all services as threads of one process."""

from __future__ import annotations

import os

from deploy.embedded.environment import SERVICES
from deploy.embedded.suite import worker
from shared.web.worker_process import run_workers


def main() -> None:
    """Run until SIGTERM or SIGINT."""
    run_workers("worker", [worker(service, os.environ) for service in SERVICES])


if __name__ == "__main__":
    main()
