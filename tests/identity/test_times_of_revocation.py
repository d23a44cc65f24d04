"""How soon a change of rights bites: at once in identity, by the bus in seconds, by the feed while the bus is down."""

from __future__ import annotations

import threading
import time

import pytest

from deploy.standins.client_keys import ensure_client_keys
from services.identity.domain.roles import RoleCode
from services.identity.usecases.change_role import take_role
from services.identity.usecases.deactivate_user import deactivate_user
from services.identity.usecases.end_sessions import end_sessions
from services.identity.worker import make_worker as make_identity_worker
from services.release.app import build, create_app
from services.release.settings import Settings
from services.release.store.tables import Base
from services.release.worker import make_worker
from shared.scheduling.clock import SystemClock
from shared.testing.web import make_client
from shared.testing.wsgi_http import wsgi_http
from tests.identity.site import ISSUER, URLS, Site
from tests.identity.world import NATIONAL, acting
from tests.release.site import environment

pytestmark = pytest.mark.req("IDN-08")
HOME = URLS["release"]
BY_BUS, BY_FEED = 5, 60


class Pair:
    """Identity and release on one bus, each with its worker, and a manager who is signed in to both."""

    def __init__(self, folder):
        clock = SystemClock()
        self.identity = Site(folder, f"sqlite:///{folder}/identity.sqlite", clock=clock)
        ensure_client_keys(folder / "keys")
        given = environment(folder, f"sqlite:///{folder}/release.sqlite")
        settings = Settings.from_env({**given, "PUBLIC_URL_RELEASE": HOME})
        parts = build(settings, clock, http=wsgi_http({ISSUER: self.identity.app}))
        Base.metadata.create_all(parts.means.database.engine)
        self.engines = [self.identity.database.engine, parts.means.database.engine]
        self.release = make_client(create_app(settings, parts))
        self.teller = make_identity_worker(self.identity.settings, self.identity.parts)
        self.hearer = make_worker(settings, parts)
        self.user_id = self.identity.add("maja", (NATIONAL, RoleCode.MANAGER))
        self.admin = acting(self.identity.add("sara", (NATIONAL, RoleCode.SC)), RoleCode.SC, NATIONAL)
        self.browser = self.identity.logged_in("maja")
        self._sign_in()

    def _sign_in(self):
        begun = self.release.get("/login?door=user&return_to=/review/")
        back = self.browser.get(begun.location.removeprefix(ISSUER)).location
        assert self.release.get(back.removeprefix(HOME)).status_code == 303
        assert (self.is_in(), self.is_in_identity()) == (True, True)

    def is_in(self):
        return self.release.get("/review/").status_code == 200

    def is_in_identity(self):
        return self.browser.get("/my-page").status_code == 200

    def seconds_until_out(self, longest):
        began = time.monotonic()
        while self.is_in() and time.monotonic() - began < longest:
            time.sleep(0.1)
        return time.monotonic() - began


@pytest.fixture
def pair(tmp_path):
    made, stop, running = Pair(tmp_path), threading.Event(), []

    def start(*workers):
        for worker in workers:
            worker.start(stop)
            running.append(worker)

    made.start = start
    yield made
    stop.set()
    for worker in running:
        worker.join()
    for engine in made.engines:
        engine.dispose()


def ended(pair):
    end_sessions(pair.user_id, reason="Mistet telefon.", by=pair.admin, uow=pair.identity.uow)


def deactivated(pair):
    deactivate_user(pair.user_id, reason="Sluttet.", by=pair.admin, uow=pair.identity.uow)


def role_taken(pair):
    with pair.identity.uow() as store:
        role_id = store.users.roles_of(pair.user_id)[0].role_id
    take_role(role_id, reason="Ny stilling.", by=pair.admin, uow=pair.identity.uow)


@pytest.mark.parametrize("change", [ended, deactivated, role_taken])
def test_a_change_bites_at_once_here_and_in_seconds_elsewhere(pair, change):
    pair.start(pair.teller, pair.hearer)
    change(pair)

    assert not pair.is_in_identity()
    assert pair.seconds_until_out(BY_BUS) < BY_BUS


def test_with_the_bus_down_it_takes_a_minute_at_most(pair):
    """Identity's events stay where they are; release has asked just before, so that it waits a whole round."""
    pair.start(pair.hearer)
    time.sleep(2)
    deactivated(pair)

    assert not pair.is_in_identity()
    assert pair.is_in()
    assert pair.seconds_until_out(BY_FEED) < BY_FEED
