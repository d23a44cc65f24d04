"""`python -m deploy.compose.settings --host NAME [--demo]`: passwords, broker users and a certificate.

Everything is written once to var/compose and never overwritten. The certificate is of an authority of its own; put that
of a real one in its place where others than you are to come in.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

from deploy.compose.certificate import write_certificate
from deploy.embedded.environment import SERVICES
from deploy.processes import ROOT
from deploy.stack.rabbitmq import definitions

FOLDER = ROOT / "var" / "compose"


def settings_for(host: str, *, is_demo: bool) -> dict[str, str]:
    """All variables of docker-compose.yml. The outside world is played by stand-ins until its addresses are changed."""
    passwords = [f"{name.upper()}_DATABASE_PASSWORD" for name in (*SERVICES, "persons")]
    passwords += [broker_password(service) for service in SERVICES]
    return {
        "SUITE_HOST": host,
        "OUTSIDE": f"https://{host}/standins",
        "SMTP_HOST": "mail",
        "SMTP_PORT": "2525",
        "DEMO_DATA": "1" if is_demo else "0",
        "ACCEPT_SYNTHETIC": "1" if is_demo else "0",
        **{name: secrets.token_urlsafe(24) for name in (*passwords, "POSTGRES_PASSWORD", "GRAFANA_PASSWORD")},
    }


def broker_password(service: str) -> str:
    """The variable that holds a service's password at the broker."""
    return f"{service.upper()}_BROKER_PASSWORD"


def write(folder: Path, host: str, *, is_demo: bool) -> None:
    """Write everything; raises FileExistsError when there is something already."""
    (folder / "tls").mkdir(parents=True, mode=0o700, exist_ok=True)
    made = settings_for(host, is_demo=is_demo)
    _write_once(folder / "settings.env", "".join(f"{name}={value}\n" for name, value in made.items()))
    _write_once(folder / "broker.json", definitions({service: made[broker_password(service)] for service in SERVICES}))
    write_certificate(folder / "tls", host)


def _write_once(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def main(arguments: list[str]) -> int:
    """Write the files for a host."""
    parser = argparse.ArgumentParser(prog="python -m deploy.compose.settings", description=__doc__)
    parser.add_argument("--host", required=True)
    parser.add_argument("--demo", action="store_true", help="synthetic persons and demo data")
    given = parser.parse_args(arguments)
    try:
        write(FOLDER, given.host, is_demo=given.demo)
    except FileExistsError as error:
        print(f"{error.filename} is there already and stays as it is.", file=sys.stderr)
        return 1
    print(f"Written to {FOLDER}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
