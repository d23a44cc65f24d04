"""What each process of the stack is told: production settings, and of databases and broker only what is its own."""

from __future__ import annotations

import os

from deploy.embedded.environment import SERVICES, outside
from deploy.processes import for_modules
from deploy.stack import postgresql, rabbitmq
from deploy.stack.place import StackPlace


def common(place: StackPlace) -> dict[str, str]:
    """What everybody may know."""
    own = {
        "PROFILE": "production",
        "KEYS_DIR": str(place.keys),
        "FILES_DIR": str(place.folder / "files"),
        "CLOCK_FILE": str(place.folder / "clock"),
        "COOKIE_SECURE": "0",
        "ACCEPT_SYNTHETIC": "1",
        "IDENTITY_ISSUER": place.url_of("identity"),
    }
    own |= {f"PUBLIC_URL_{service.upper()}": place.url_of(service) for service in SERVICES}
    return {**for_modules(os.environ), **own, **outside(f"{place.url}/standins", place.smtp_port)}


def of_service(place: StackPlace, service: str) -> dict[str, str]:
    """What only one service knows."""
    own = {
        f"{service.upper()}_DATABASE_URL": postgresql.url_of(place, service),
        "BUS_URL": rabbitmq.url_of(place, service),
        "PROMETHEUS_MULTIPROC_DIR": str(place.folder / "metrics" / service),
    }
    if service == "registration":
        own["REGISTRATION_PERSONS_DATABASE_URL"] = postgresql.url_of(place, "persons")
    return own


def of_standins(place: StackPlace) -> dict[str, str]:
    """What only the stand-ins know."""
    return {"STANDINS_DB": str(place.folder / "standins.sqlite")}


def of_operator(place: StackPlace) -> dict[str, str]:
    """Everything, for who makes tables and demo data; missing keys may be made."""
    everything = {**common(place), **of_standins(place), "PROFILE": "embedded"}
    for service in SERVICES:
        everything |= of_service(place, service)
    del everything["PROMETHEUS_MULTIPROC_DIR"]
    return everything
