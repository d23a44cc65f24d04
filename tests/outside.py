"""The world outside a service under test: keys made once, and the stand-ins, which come up when they are first asked."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from werkzeug.local import LocalProxy

from deploy.standins.app import create_app
from deploy.standins.client_keys import ensure_client_keys
from deploy.standins.settings import StandinSettings
from deploy.standins.signing import SigningKey

STANDINS = "http://localhost:8009"
_PERSONS = 20


def lay_keys(folder):
    """Put the keys of all services and of the stand-ins in a new folder; RSA takes its time, so they are copies."""
    copytree(_keys(), folder)
    return folder


def standins_at(folder, keys, clock, **more):
    """The stand-ins as one web app; most tests never ask them, and so never pay for them."""
    facts = {"database": folder / "standins.sqlite", "url": STANDINS, "keys": keys, "persons": _PERSONS}
    settings = StandinSettings(**{**facts, "services": {}, **more})
    return LocalProxy(cache(lambda: create_app(settings, clock=clock)))


@cache
def _keys():
    folder = TemporaryDirectory(prefix="keys-")
    atexit.register(folder.cleanup)
    ensure_client_keys(Path(folder.name))
    SigningKey(Path(folder.name) / "standins_signing.pem")
    return folder.name
