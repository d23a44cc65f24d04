"""A small service of its own: pages, an API, doors for users and citizens, all on the web kit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import marshmallow as ma
from flask import Blueprint, session
from flask_smorest import Blueprint as ApiBlueprint
from werkzeug.exceptions import Gone

from shared.auth.policy import Policy, PolicyLine, Scope
from shared.auth.principal import Kind
from shared.auth.provider import Provider
from shared.auth.tokens import TokenChecker
from shared.db.base import new_metadata
from shared.db.errors import DatabaseUnavailable
from shared.outbox.tables import add_kit_tables
from shared.scheduling.clock import FixedClock
from shared.testing.oidc import LocalProvider, Registered, new_key
from shared.web.app import make_app
from shared.web.context import current_principal
from shared.web.doors import idporten_door, users_door
from shared.web.idempotency import idempotent
from shared.web.settings import WebSettings
from shared.web.sign_in import SignIn
from shared.web.tables import add_tables
from shared.web.throttle import throttled

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
METADATA = new_metadata()
add_tables(METADATA)
KIT_TABLES = add_kit_tables(METADATA)
IDENTITY, IDPORTEN = "http://identity.test", "http://idporten.test"
HOME = "http://localhost"
CITIZEN_KEY = new_key("RS256")
SETTINGS = {
    "secret_key": "s" * 40,
    "max_body_bytes": 20_000,
    "cookie_secure": False,
    "translations": (Path(__file__).parent / "translations",),
}


class RuleBroken(Exception):  # noqa: N818 - it is a sentence
    """What a service's domain raises."""

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values_shown = values


class NoteSchema(ma.Schema):
    """A note."""

    class Meta:
        unknown = ma.RAISE

    text = ma.fields.String(required=True, validate=ma.validate.Length(max=100))


FAILURES = {
    "bug": ZeroDivisionError("01810012345"),
    "database": DatabaseUnavailable("OperationalError"),
    "rule": RuleBroken("too_late", days=3),
    "gone": Gone(),
}


class NotFound(RuleBroken):
    """What a service's domain raises for a thing that is missing, or not for this user."""


def the_pages():
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", "home", lambda: page("forside"))
    pages.add_url_rule("/work-list", "work_list", lambda: page(current_principal().actor))
    pages.add_url_rule("/courses", "save", lambda: page("lagret"), methods=["POST"])
    pages.add_url_rule("/withdraw", "withdraw", lambda: page("trukket"), methods=["GET", "POST"])
    pages.add_url_rule("/mine", "mine", lambda: page(current_principal().actor))
    pages.add_url_rule("/upload", "upload", lambda: page("mottatt"), methods=["POST"])
    pages.add_url_rule("/remember", "remember", remember, methods=["POST"])
    pages.add_url_rule("/fail/<how>", "fail", fail)
    return pages


def page(text):
    return f'<!doctype html><html lang="nb"><head><title>Prøve</title></head><body><p>{text}</p></body></html>'


def remember():
    session["seen"] = session.get("seen", 0) + 1
    return page(session["seen"])


def fail(how):
    raise FAILURES[how] if how in FAILURES else NotFound("not_found")


def the_api(effects):
    blp = ApiBlueprint("notes", __name__, url_prefix="/api/notes")

    @blp.route("")
    @blp.response(200, NoteSchema(many=True))
    def list_notes():
        return effects

    @blp.route("", methods=["POST"])
    @idempotent
    @blp.arguments(NoteSchema)
    @blp.response(201, NoteSchema)
    def add_note(note):
        effects.append(note)
        return note

    @blp.route("/limited")
    @throttled(limit=3, window=timedelta(minutes=1))
    @blp.response(204)
    def limited():
        return None

    @blp.route("/fail")
    @blp.response(200)
    def fail_note():
        raise ZeroDivisionError("01810012345")

    return blp


def the_policy():
    staff, everybody = frozenset({"LU", "LC", "SC"}), {"is_open": True}
    lines = {
        "pages.home": everybody,
        "pages.fail": everybody,
        "pages.remember": everybody,
        "pages.work_list": {"allow": staff, "scope": Scope.OWN_ORGANISATION},
        "pages.save": {"allow": staff},
        "pages.withdraw": {"allow": frozenset({"SC"}), "step_up": True},
        "pages.mine": {"allow": frozenset({"citizen"}), "scope": Scope.OWN},
        "pages.upload": {"allow": frozenset({"user"}), "body_limit": 150_000},
        "notes.list_notes": {"allow": frozenset({"service:eprom", "LC"})},
        "notes.add_note": {"allow": frozenset({"service:eprom", "LC"})},
        "notes.limited": {"allow": frozenset({"service:eprom", "service:release"})},
        "notes.fail_note": {"allow": frozenset({"service:eprom"})},
    }
    return Policy([PolicyLine(endpoint=endpoint, **line) for endpoint, line in lines.items()])


class World:
    """The small service with its clock, database and two providers."""

    def __init__(self, database, **settings):
        self.database, self.clock, self.effects, self.seconds = database, FixedClock(NOW), [], 0.0
        self.identity = LocalProvider(IDENTITY, self.clock)
        self.idporten = LocalProvider(IDPORTEN, self.clock)
        users = self.users()
        self.app = make_app(
            "small",
            settings=WebSettings(**{**SETTINGS, **settings}),
            policy=the_policy(),
            database=database,
            clock=self.clock,
            blueprints=[the_pages()],
            api_blueprints=[the_api(self.effects)],
            token_checker=TokenChecker(IDENTITY, "small", users.client.provider.keys, self.clock),
            sign_in=SignIn(users, self.citizens()),
            domain_errors={RuleBroken: 422, NotFound: 404},
        )

    def provider_of(self, local):
        return Provider(local.issuer, http=local.http, monotonic=lambda: self.seconds)

    def users(self):
        self.identity.register(Registered(client_id="small", redirect_uri=f"{HOME}/callback", secret="top"))
        facts = {"client_id": "small", "client_secret": "top", "public_url": HOME, "clock": self.clock}
        return users_door(self.provider_of(self.identity), **facts)

    def citizens(self):
        public = CITIZEN_KEY.as_dict(private=False)
        self.idporten.register(Registered(client_id="small", redirect_uri=f"{HOME}/callback", public_key=public))
        pem = CITIZEN_KEY.as_pem(private=True).decode()
        facts = {"client_id": "small", "private_key": pem, "public_url": HOME, "clock": self.clock}
        return idporten_door(Kind.CITIZEN, self.provider_of(self.idporten), **facts)
