"""The page at the root of a demo: a door for each kind of user, the log-ins, and the outside world's switches."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from jinja2 import StrictUndefined

from deploy.demo.users import PASSWORD, USERS
from shared import ui
from shared.forms.catalogue import registries
from shared.web.headers import SecureHeaders

UI = Path(ui.__file__).parent / "static"


class Door(NamedTuple):
    """Where somebody goes in: a page of a service or of the stand-ins."""

    who: str
    service: str
    page: str
    text: str


DOORS = (
    Door(
        "Kliniker og lokal koordinator", "registration", "/", "Registrere pasienter, forløp og skjemaer; arbeidsliste."
    ),
    Door("Pasient", "standins", "/inbox", "Åpne lenken i meldingen som pasienten har fått, og svar på skjemaet."),
    Door("Innbygger", "reservation", "/", "Reservere seg, be om innsyn, retting eller sletting. Logg inn med Test-ID."),
    Door("Søker", "release", "/", "Søke om data fra registeret og hente utleveringer. Logg inn med Test-ID."),
    Door("Sekretariat", "reservation", "/cases/", "Behandle reservasjoner og skrive ut brev."),
    Door("Fagråd, personvernombud, leder", "release", "/review/", "Vurdere søknader, vedta og utlevere."),
    Door("Administrator", "identity", "/applications", "Godkjenne brukersøknader, gi og trekke roller."),
    Door("Ny bruker", "identity", "/new-user", "Søke om bruker i registeret."),
)
WORLD = (
    Door("Meldinger", "standins", "/inbox", "SMS, e-post, Digipost og Helsenorge: også engangskodene til innlogging."),
    Door("Personer", "standins", "/people", "Den syntetiske befolkningen; meld død, navneendring eller adressesperre."),
    Door("Klokke", "standins", "/clock", "Flytt tiden fram, så utsendinger og frister kommer."),
    Door("Feil", "standins", "/faults", "La en omgivelse svikte og se hva som skjer."),
)
ROLES = {
    "LU": "Lokal bruker",
    "LC": "Lokal koordinator",
    "SC": "Nasjonal koordinator",
    "SECRETARIAT": "Sekretariat",
    "MANAGER": "Daglig leder",
    "COUNCIL": "Fagråd",
    "PVO": "Personvernombud",
    "STATISTICIAN": "Statistiker",
}


def landing_app(env: Mapping[str, str]) -> Flask:
    """The app at `/`; an environment says where the services are."""
    app = Flask(__name__, static_folder=str(UI), static_url_path="/static")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals["address"] = lambda door: env[f"PUBLIC_URL_{door.service.upper()}"] + door.page
    app.add_url_rule("/", "index", _index)
    app.wsgi_app = SecureHeaders(app.wsgi_app, form_targets=(), secure=False)  # type: ignore[method-assign]
    return app


def _index() -> ResponseReturnValue:
    names = {key: registry.rules.short_name for key, registry in registries().items()}
    words = {"roles": ROLES, "registries": names, "password": PASSWORD}
    return render_template("embedded/index.html", doors=DOORS, world=WORLD, users=USERS, **words)
