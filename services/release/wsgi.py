"""Gunicorn's door: `gunicorn "services.release.wsgi:from_environment()"`."""

from __future__ import annotations

import os

from flask import Flask

from services.release.app import create_app
from services.release.settings import Settings
from shared.observability.log import configure_logging


def from_environment() -> Flask:
    """The web app of this process's environment."""
    configure_logging("release")
    return create_app(Settings.from_env(os.environ))
