"""What every page asks for: the parts behind the doors."""

from __future__ import annotations

from flask import current_app

from services.release.usecases.means import Means


def means() -> Means:
    """The parts behind the doors."""
    found: Means = current_app.extensions["release"]
    return found
