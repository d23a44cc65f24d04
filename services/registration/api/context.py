"""What every door for programs asks for."""

from __future__ import annotations

from flask import current_app

from services.registration.usecases.means import Means


def means() -> Means:
    """The parts behind the doors."""
    found: Means = current_app.extensions["registration"]
    return found
