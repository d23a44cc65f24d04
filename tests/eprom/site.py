"""Eprom as a whole web app and worker for tests: real key files, the stand-ins, registration and identity beside it."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask, Response, jsonify, request
from sqlalchemy import select

from deploy.standins.parts import EXTENSION
from deploy.standins.smtp import mail_server
from services.eprom.app import build, create_app
from services.eprom.domain.course import CourseName
from services.eprom.domain.links import link_token
from services.eprom.settings import Settings
from services.eprom.store.tables import KIT, AnswerRow, Base, OrderRow
from services.eprom.usecases.place_order import place_order
from services.eprom.worker import make_worker
from shared.auth.credentials import client_secret
from shared.contracts.event import load
from shared.scheduling.clock import FixedClock
from shared.testing.laid_tables import lay_tables
from shared.testing.oidc import LocalProvider, Registered
from shared.testing.web import make_client
from shared.testing.wsgi_http import wsgi_http
from tests.eprom.usecases.world import DISPATCH
from tests.outside import STANDINS, lay_keys, standins_at

HOME, IDENTITY = "http://localhost", "http://localhost:8001"
REGISTRATION = "http://localhost:8002"
KARI, OLA, SOLVEIG, INGER = 5, 6, 7, 8
NUMBERS = {KARI: "17855749815", OLA: "03824949912", SOLVEIG: "24916849806", INGER: "11843149849"}


def environment(folder, database_url, smtp_port):
    """A complete environment."""
    return {
        "EPROM_DATABASE_URL": database_url,
        "BUS_URL": f"sqlitebus:///{folder}/bus.sqlite",
        "KEYS_DIR": str(folder / "keys"),
        "IDENTITY_ISSUER": IDENTITY,
        "IDPORTEN_ISSUER": f"{STANDINS}/idporten",
        "MASKINPORTEN_ISSUER": f"{STANDINS}/maskinporten",
        "HELSEID_ISSUER": f"{STANDINS}/helseid",
        "PUBLIC_URL_EPROM": HOME,
        "PUBLIC_URL_REGISTRATION": REGISTRATION,
        **{f"{name.upper()}_URL": f"{STANDINS}/{name}" for name in ("krr", "helsenorge", "digipost", "sms")},
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(smtp_port),
        "PROFILE": "embedded",
        "COOKIE_SECURE": "0",
    }


class Registration:
    """Registration's door for recipients: numbers and, if asked for, addresses by PID, for eprom's token only."""

    def __init__(self, tokens):
        self.numbers, self.homes, self.protected = dict(NUMBERS), {}, set()
        self.parents = {}  # of children for whom they answer: numbers by PID
        self.is_down = False
        self.asked = []
        self._tokens = tokens
        self.app = Flask("registration", static_folder=None)
        self.app.add_url_rule("/api/recipients", view_func=self.give, methods=["POST"])

    def give(self):
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            return Response(status=401)
        self.asked.append(request.json)
        if self.is_down:
            return Response(status=503)
        pid, home = request.json["pid"], {}
        number = self.numbers.get(pid)
        if request.json.get("with_address") and pid in self.homes:
            home = {"address": self.homes[pid]}
        told = {"number": number, "is_dead": False, "is_protected": pid in self.protected, **home}
        if pid in self.parents:
            parents = [{"number": one, "is_protected": False} for one in self.parents[pid]]
            told |= {"representatives": parents, "answers_self": False}
        return jsonify(told) if number else Response(status=404)


class Site:
    """The web app and the worker, and everything behind them for a look inside."""

    def __init__(self, folder, database_url):
        self.clock = FixedClock(DISPATCH - timedelta(hours=4))
        self.settings = Settings.from_env(environment(folder, database_url, _free_port()))
        keys = self.settings.keys_dir
        lay_keys(keys)
        self.identity = LocalProvider(IDENTITY, self.clock)
        secret = client_secret(keys, "eprom")
        self.identity.register(Registered(client_id="eprom", redirect_uri=f"{HOME}/callback", secret=secret))
        self.registration = Registration(self.identity)
        self.standins = standins_at(folder, keys, self.clock, services={"eprom": HOME})
        self.http = wsgi_http({STANDINS: self.standins, REGISTRATION: self.registration.app})
        self.http.mount(IDENTITY, self.identity.adapter)
        self.parts = self.adapted(build(self.settings, self.clock, http=self.http))
        self.means = self.parts.means
        self.database, self.uow = self.means.database, self.means.uow
        lay_tables(self.database.engine, Base.metadata)
        self.app = create_app(self.settings, self.parts)
        self.worker = make_worker(self.settings, self.parts)

    def adapted(self, parts):
        """The parts as a kind of site wants them."""
        return parts

    def close(self):
        """Let go of the database."""
        self.database.engine.dispose()

    def visitor(self):
        """A strict browser in which nobody has logged in."""
        return make_client(self.app)

    def bearer(self, service, audience="eprom"):
        """The headers of another service."""
        return {"Authorization": f"Bearer {self.identity.service_token(audience, service)}"}

    def order(self, pid=KARI, form="pasreg", course_id=1, registry="smertereg"):
        """A form that waits for the next dispatch."""
        name = CourseName(course_id=course_id, pid=pid, registry=registry, organisation=100082)
        return place_order(name, form, due_at=DISPATCH, uow=self.uow)

    def sent(self, pid=KARI, form="pasreg", course_id=1):
        """A form that lies with its person."""
        order_id = self.order(pid, form, course_id)
        self.work_until(max(DISPATCH, self.clock.now()))
        return order_id

    def work_until(self, moment):
        """Let the hours pass and the worker's jobs run, each minute of them that matters."""
        self.worker.jobs.run_due()
        self.clock.move(moment - self.clock.now())
        for _ in range(3):
            self.worker.jobs.run_due()

    def token(self, order_id):
        """The token in the link of an order."""
        return link_token(self.means.link_key, order_id)

    def row(self, order_id):
        with self.database.reading() as session:
            return session.get(OrderRow, order_id)

    def answers(self, order_id):
        with self.database.reading() as session:
            return session.get(AnswerRow, order_id)

    def events(self):
        outbox = KIT.outbox.outbox
        with self.database.reading() as session:
            rows = session.execute(select(outbox.c.name, outbox.c.body).order_by(outbox.c.position)).all()
        return [load(row.name, row.body) for row in rows]

    def event_names(self):
        return [type(event).__name__ for event in self.events()]

    def log(self):
        """The access log, oldest first."""
        table = KIT.audit.log
        with self.database.reading() as session:
            return session.execute(select(table).order_by(table.c.sequence)).all()

    def inbox(self, **filters):
        return self.standins.test_client().get("/inbox.json", query_string=filters).json["messages"]

    def fail(self, standin, kind="503", times=1):
        """Let a stand-in misbehave."""
        self.standins.test_client().post("/faults", json={"standin": standin, "kind": kind, "times": times})

    @contextmanager
    def mail_runs(self):
        """The mail server, as long as it is needed."""
        server = mail_server(self.standins.extensions[EXTENSION], port=self.settings.outside.smtp_port)
        server.start()
        try:
            yield
        finally:
            server.stop()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
