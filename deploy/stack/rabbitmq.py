"""The stack's own RabbitMQ: one user a service, quorum queues on disk, open to this machine only."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.embedded.environment import SERVICES
from deploy.processes import CannotStart, Family, free_port
from deploy.stack.earlier import end_earlier
from deploy.stack.place import StackPlace, broker_user
from deploy.stack.postgresql import HERE
from shared.testing.rabbitmq import program

_ALL = {"configure": ".*", "write": ".*", "read": ".*"}


def url_of(place: StackPlace, service: str) -> str:
    """The broker's address, for one service."""
    return f"amqp://{service}:{place.passwords()[broker_user(service)]}@{HERE}:{place.broker_port}//"


def start(place: StackPlace, family: Family) -> None:
    """Run the broker and its port mapper as children; an earlier broker of this folder is given time to end."""
    server, mapper = program("rabbitmq-server"), program("epmd")
    if server is None or mapper is None:
        raise CannotStart("RabbitMQ's programs are not on this machine (Debian: rabbitmq-server).")
    folder = place.folder / "rabbitmq"
    folder.mkdir(exist_ok=True)
    end_earlier(folder / "pid", b"rabbit")
    (folder / "pid").unlink(missing_ok=True)
    _write_settings(folder, place)
    log, mapper_port = place.folder / "log" / "rabbitmq.log", free_port()
    more = _environment(folder, place.broker_port, mapper_port)
    family.start([mapper, "-address", HERE, "-port", str(mapper_port)], log=log, is_server=True)
    family.start([server], log=log, more=more, is_server=True)


def definitions(passwords: Mapping[str, str]) -> str:
    """What a new broker loads: a user for each service, by password, and nobody else."""
    users = [_user(service, secret) for service, secret in passwords.items()]
    rights = [{"user": service, "vhost": "/", **_ALL} for service in passwords]
    return json.dumps({"vhosts": [{"name": "/"}], "users": users, "permissions": rights}, indent=1)


def _write_settings(folder: Path, place: StackPlace) -> None:
    file, known = folder / "definitions.json", place.passwords()
    file.write_text(definitions({service: known[broker_user(service)] for service in SERVICES}), encoding="utf-8")
    (folder / "rabbitmq.conf").write_text(f"load_definitions = {file}\n", encoding="utf-8")


def _user(name: str, secret: str) -> dict[str, Any]:
    salt = secrets.token_bytes(4)
    hashed = base64.b64encode(salt + hashlib.sha256(salt + secret.encode()).digest()).decode()
    return {"name": name, "password_hash": hashed, "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": ""}


def _environment(folder: Path, port: int, mapper_port: int) -> Mapping[str, str]:
    return {
        "HOME": str(folder),
        "RABBITMQ_NODENAME": "stack@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_NODE_IP_ADDRESS": HERE,
        "RABBITMQ_DIST_PORT": str(free_port()),
        "ERL_EPMD_PORT": str(mapper_port),
        "ERL_EPMD_ADDRESS": HERE,
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
    }
