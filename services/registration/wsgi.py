"""Gunicorn's door: `gunicorn "services.registration.wsgi:from_environment()"`."""

from __future__ import annotations

import os

from flask import Flask

from services.registration.app import create_app
from services.registration.settings import Settings
from shared.observability.log import configure_logging


def from_environment() -> Flask:
    """The web app of this process's environment."""
    configure_logging("registration")
    return create_app(Settings.from_env(os.environ))
