"""The production profile on one machine: own servers, own users, a web and a worker process a service."""

from __future__ import annotations

import signal

import psycopg
import pytest

from deploy.demo.users import USERS
from deploy.embedded.environment import SERVICES
from deploy.stack.place import StackPlace
from tests.deploy.visitor import Visitor

pytestmark = [pytest.mark.fault, pytest.mark.postgresql, pytest.mark.rabbitmq, pytest.mark.xdist_group("production")]


@pytest.fixture
def stack(production):
    """The one that the journeys are walked on."""
    return production


def address(stack, service):
    return StackPlace(stack.folder, stack.port).url_of(service)


@pytest.mark.req("OPS-04")
def test_every_service_answers_on_its_own_port(stack):
    for name in SERVICES:
        visitor = Visitor(address(stack, name))
        assert visitor.get("/health").json() == {"status": "ok"}
        visitor.await_ready("/ready")
        assert f'outbox_rows{{service="{name}"}}' in visitor.get("/metrics").text


@pytest.mark.req("OPS-04")
def test_every_worker_tells_how_it_is_doing(stack):
    for name in SERVICES:
        visitor = Visitor(f"http://localhost:{StackPlace(stack.folder, stack.port).worker_port_of(name)}")
        assert visitor.get("/health").json() == {"status": "ok"}
        assert visitor.get("/ready").json()["checks"][f"{name}.threads"] == "ready"
        assert f'outbox_oldest_seconds{{service="{name}"}}' in visitor.get("/metrics").text


def test_a_demo_user_logs_in(stack):
    page = Visitor(stack.url).log_in(USERS[0], page=f"{address(stack, 'identity')}/log-in")
    assert page.ok
    assert "Haukeland" in page.text


def test_a_demo_user_enters_a_service_by_identity(stack):
    page = Visitor(stack.url).enter(USERS[5], page=f"{address(stack, 'registration')}/login?door=user")
    assert page.ok
    assert page.url.startswith(address(stack, "registration"))


def test_no_service_opens_the_database_of_another(stack):
    place = StackPlace(stack.folder, stack.port)
    port = (stack.folder / "postgresql" / "cluster" / "postmaster.pid").read_text().splitlines()[3]
    session = {"host": "127.0.0.1", "port": port, "user": "release", "password": place.passwords()["release"]}
    psycopg.connect(**session, dbname="release").close()
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(**session, dbname="identity")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**{**session, "password": "guessed"}, dbname="release")


@pytest.mark.req("OPS-01")
def test_it_starts_again_after_a_kill(stack):
    kept = Visitor(stack.url).messages(USERS[0].mobile)
    assert stack.end(signal.SIGKILL) == -9
    stack.start()
    assert Visitor(stack.url).messages(USERS[0].mobile) == kept
    assert Visitor(stack.url).log_in(USERS[1], page=f"{address(stack, 'identity')}/log-in").ok
