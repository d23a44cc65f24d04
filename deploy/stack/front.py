"""Gunicorn's door to the first page and the stand-ins: `gunicorn "deploy.stack.front:from_environment()"`."""

from __future__ import annotations

import os
from typing import Any

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from deploy.embedded.landing import landing_app
from deploy.standins.app import from_environment as standins


def from_environment() -> DispatcherMiddleware:
    """The first page, and the stand-ins under their prefix."""
    mounts: dict[str, Any] = {"/standins": standins()}
    return DispatcherMiddleware(landing_app(os.environ), mounts)
