"""Gunicorn's door to everything: `gunicorn "deploy.embedded.wsgi:from_environment()"`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from deploy.embedded.environment import SERVICES
from deploy.embedded.landing import landing_app
from deploy.embedded.suite import web_app
from deploy.standins.app import create_app as standins_app
from deploy.standins.settings import StandinSettings
from shared.observability.log import configure_logging


def from_environment() -> DispatcherMiddleware:
    """All web apps of this process's environment, each under its prefix, and the landing page."""
    configure_logging("web")
    return all_apps(os.environ)


def all_apps(env: Mapping[str, str]) -> DispatcherMiddleware:
    """All web apps behind one door."""
    mounts: dict[str, Any] = {f"/{service}": web_app(service, env) for service in SERVICES}
    mounts["/standins"] = standins_app(StandinSettings.from_env(env))
    return DispatcherMiddleware(landing_app(env), mounts)
