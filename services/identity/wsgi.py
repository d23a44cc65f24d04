"""Gunicorn's door: `gunicorn "services.identity.wsgi:from_environment()"`."""

from __future__ import annotations

import os

from flask import Flask

from services.identity.app import create_app
from services.identity.settings import Settings
from shared.observability.log import configure_logging


def from_environment() -> Flask:
    """The web app of this process's environment."""
    configure_logging("identity")
    return create_app(Settings.from_env(os.environ))
