"""Gunicorn's door: `gunicorn "services.reservation.wsgi:from_environment()"`."""

from __future__ import annotations

import os

from flask import Flask

from services.reservation.app import create_app
from services.reservation.settings import Settings
from shared.observability.log import configure_logging


def from_environment() -> Flask:
    """The web app of this process's environment."""
    configure_logging("reservation")
    return create_app(Settings.from_env(os.environ))
