"""One web app with all stand-ins; the only place where they are put together."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from flask import Flask, Response, request
from jinja2 import StrictUndefined

from deploy.standins import faults, request_log
from deploy.standins.archive import archive
from deploy.standins.digipost import digipost
from deploy.standins.filling import filling
from deploy.standins.helseid_users import helseid_users
from deploy.standins.helsenorge import helsenorge
from deploy.standins.idporten import idporten
from deploy.standins.krr import krr
from deploy.standins.machine_tokens import helseid, maskinporten
from deploy.standins.national import national
from deploy.standins.national_pages import national_pages
from deploy.standins.pages import pages
from deploy.standins.parts import EXTENSION, Parts, build
from deploy.standins.population import population
from deploy.standins.settings import StandinSettings
from deploy.standins.sms import sms
from shared.scheduling.clock import Clock

_BLUEPRINTS = (
    pages,
    maskinporten,
    helseid,
    helseid_users,
    population,
    krr,
    helsenorge,
    filling,
    digipost,
    sms,
    idporten,
    archive,
    national,
    national_pages,
)
_MOST_BYTES = 120_000_000


def create_app(settings: StandinSettings, *, clock: Clock | None = None, parts: Parts | None = None) -> Flask:
    """Return the app; everything that lasts is in its SQLite file and key folder."""
    app = Flask(__name__)
    app.config.update(MAX_CONTENT_LENGTH=_MOST_BYTES, MAX_FORM_MEMORY_SIZE=1_000_000)
    app.jinja_env.undefined = StrictUndefined
    app.url_map.strict_slashes = False
    app.extensions[EXTENSION] = parts or build(settings, clock)
    faults.install(app)
    request_log.install(app)
    _protect_pages(app, settings)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def from_environment() -> Flask:
    """Return the app as the environment describes it; for gunicorn."""
    return create_app(StandinSettings.from_env(os.environ))


def _protect_pages(app: Flask, settings: StandinSettings) -> None:
    origins = sorted({f"{part.scheme}://{part.netloc}" for part in map(urlsplit, settings.services.values())})
    frames = " ".join(origins) or "'none'"
    policy = "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            # The log-in form ends at the client's address, and log-out loads the clients' pages in frames.
            f"form-action 'self' {' '.join(origins)}".rstrip(),
            f"frame-src {frames}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )

    @app.after_request
    def protect(response: Response) -> Response:
        if response.mimetype != "application/pdf":  # browsers show PDF in a page of their own, which this would break
            response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
