"""Each service's web app and worker by its name: the same few names in every service."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from flask import Flask

from shared.bus.worker import Worker


def settings_of(service: str, env: Mapping[str, str]) -> Any:
    """The settings of a service from an environment."""
    return import_module(f"services.{service}.settings").Settings.from_env(env)


def make_keys(services: Iterable[str], env: Mapping[str, str]) -> None:
    """Have every service make the key files it misses; the environment's profile must let them."""
    for service in services:
        import_module(f"services.{service}.app").build(settings_of(service, env))


def web_app(service: str, env: Mapping[str, str]) -> Flask:
    """The web app of a service."""
    app: Flask = import_module(f"services.{service}.app").create_app(settings_of(service, env))
    return app


def worker(service: str, env: Mapping[str, str]) -> Worker:
    """The worker of a service."""
    made: Worker = import_module(f"services.{service}.worker").make_worker(settings_of(service, env))
    return made
