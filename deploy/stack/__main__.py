"""`python -m deploy.stack [--port 8100] [--folder var/stack]`: the production profile on this machine, until Ctrl-C."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from deploy.embedded.environment import SERVICES
from deploy.embedded.greeting import greeting
from deploy.embedded.prepare import upgrade
from deploy.processes import ROOT, CannotStart, Family, await_answers, gunicorn, only_one, python, wait_for_port
from deploy.stack import postgresql, rabbitmq
from deploy.stack.environment import common, of_operator, of_service, of_standins
from deploy.stack.place import HOST, StackPlace
from deploy.stack.prepare import prepare
from shared.web.worker_process import PORT


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


def _read(arguments: list[str]) -> StackPlace:
    parser = argparse.ArgumentParser(prog="python -m deploy.stack", description=__doc__)
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "stack")
    given = parser.parse_args(arguments)
    return StackPlace(given.folder.resolve(), given.port)


def _run(place: StackPlace) -> int:
    for port in (place.port, *map(place.port_of, SERVICES), *map(place.worker_port_of, SERVICES)):
        if not wait_for_port(port):
            raise CannotStart(f"Port {port} is in use; choose others: --port {place.port + 20}")
    prepare(place)
    shutil.rmtree(place.folder / "metrics")
    place.prepare()
    family = Family(common(place))
    try:
        _start(family, place)
        pages = [f"{place.url}/standins/health", *(f"{place.url_of(service)}/ready" for service in SERVICES)]
        pages += [f"http://{HOST}:{place.worker_port_of(service)}/ready" for service in SERVICES]
        if not await_answers(pages, family) or not wait_for_port(place.broker_port, is_wanted=True):
            raise CannotStart(f"It did not start; {place.folder / 'log'} tells why.\n{family.last_words()}")
        print(greeting(place.url, {service: place.url_of(service) for service in SERVICES}, place.folder), flush=True)
        return family.wait()
    finally:
        family.stop()


def _start(family: Family, place: StackPlace) -> None:
    rabbitmq.start(place, family)
    postgresql.start(place, family)
    upgrade(of_operator(place))
    log, more = place.folder / "log", of_standins(place)
    family.start(python("deploy.standins.smtp"), log=log / "mail.log", more=more)
    family.start(gunicorn("deploy.stack.front:from_environment()", place.port), log=log / "front.log", more=more)
    for service in SERVICES:
        more, web = of_service(place, service), f"services.{service}.wsgi:from_environment()"
        family.start(gunicorn(web, place.port_of(service)), log=log / f"{service}.log", more=more)
        more = {**more, PORT: str(place.worker_port_of(service))}
        family.start(python(f"services.{service}.worker"), log=log / f"{service}_worker.log", more=more)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
