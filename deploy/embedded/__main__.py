"""`python -m deploy.embedded [--port 8000] [--folder var/demo]`: everything on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from deploy.embedded.environment import SERVICES, Place, environment
from deploy.embedded.greeting import greeting
from deploy.embedded.prepare import prepare
from deploy.processes import (
    ROOT,
    CannotStart,
    Family,
    await_answers,
    for_modules,
    free_port,
    gunicorn,
    only_one,
    python,
    wait_for_port,
)


def main(arguments: list[str]) -> int:
    """Run until Ctrl-C or SIGTERM."""
    place = _read(arguments)
    try:
        with only_one(place.folder):
            return _run(place)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _read(arguments: list[str]) -> Place:
    parser = argparse.ArgumentParser(prog="python -m deploy.embedded", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "demo")
    given = parser.parse_args(arguments)
    return Place(given.folder.resolve(), given.port, free_port())


def _run(place: Place) -> int:
    if not wait_for_port(place.port):
        raise CannotStart(f"Port {place.port} is in use; choose another: --port {place.port + 10}")
    prepare(place)
    shutil.rmtree(place.folder / "metrics")
    place.prepare()
    family = Family(for_modules(environment(place)))
    try:
        _start(family, place)
        addresses = [f"{place.url}/{name}/health" for name in (*SERVICES, "standins")]
        if not await_answers(addresses, family):
            raise CannotStart(f"It did not start; {place.folder / 'log'} tells why.\n{family.last_words()}")
        print(greeting(place.url, {name: f"{place.url}/{name}" for name in SERVICES}, place.folder), flush=True)
        return family.wait()
    finally:
        family.stop()


def _start(family: Family, place: Place) -> None:
    log = place.folder / "log"
    family.start(python("deploy.standins.smtp"), log=log / "mail.log")
    family.start(gunicorn("deploy.embedded.wsgi:from_environment()", place.port), log=log / "web.log")
    family.start(python("deploy.embedded.worker"), log=log / "worker.log")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
