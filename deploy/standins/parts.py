"""Everything the stand-ins are put together from, and how a view finds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import requests
from flask import current_app

from deploy.standins.clients import Clients
from deploy.standins.messages import Inbox
from deploy.standins.people import People
from deploy.standins.settings import StandinSettings
from deploy.standins.signing import SigningKey
from deploy.standins.store import StandinStore
from shared.scheduling.clock import Clock, make_clock

EXTENSION = "standins"


def plain_http() -> requests.Session:
    """Return an HTTP session that ignores proxies and password files of the machine."""
    session = requests.Session()
    session.trust_env = False
    return session


@dataclass(frozen=True)
class Parts:
    """The parts of one app; `http` is how it calls others back."""

    settings: StandinSettings
    store: StandinStore
    clock: Clock
    people: People
    inbox: Inbox
    clients: Clients
    signing: SigningKey
    http: requests.Session = field(default_factory=plain_http)


def build(settings: StandinSettings, clock: Clock | None = None) -> Parts:
    """Open the store, make the population if there is none, and read or make the signing key."""
    clock = clock or make_clock(settings.clock_file)
    store = StandinStore(settings.database)
    people = People(store, clock, seed=settings.seed, count=settings.persons)
    people.populate()
    return Parts(
        settings=settings,
        store=store,
        clock=clock,
        people=people,
        inbox=Inbox(store, clock),
        clients=Clients(settings),
        signing=SigningKey(settings.keys / "standins_signing.pem"),
    )


def parts() -> Parts:
    """Return the parts of the app that serves this request."""
    return cast("Parts", current_app.extensions[EXTENSION])
