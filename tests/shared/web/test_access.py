"""No log, no data: entries are committed before a page is made, and a page without its entry is found."""

from __future__ import annotations

import pytest
from flask import Blueprint

from shared.auth.policy import Policy, PolicyLine
from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.testing.access import AccessLogOracle, UnloggedAccessError
from shared.testing.web import a_user, make_client, sign_in
from shared.web.access import log_access
from shared.web.app import make_app
from shared.web.settings import WebSettings
from tests.shared.web.kit import KIT_TABLES, SETTINGS, page

PERSONS = {11: ["01810012345", "Åse O'Prøve"], 12: ["02810012346", "Per Prøve"]}


def the_app(world, logged_pids):
    uow = UnitOfWork(world.database, Store, KIT_TABLES, clock=world.clock)
    pages = Blueprint("pages", __name__)

    @pages.get("/person")
    def person():
        log_access(uow, logged_pids, object_="person:11", reason="treatment")
        return page("Åse O&#39;Prøve")

    policy = Policy([PolicyLine(endpoint="pages.person", allow=frozenset({"LU"}))])
    settings = WebSettings(**SETTINGS)
    return make_app(
        "small", settings=settings, policy=policy, database=world.database, clock=world.clock, blueprints=[pages]
    )


@pytest.fixture
def see(world):
    def look(logged_pids):
        client = make_client(the_app(world, logged_pids))
        sign_in(client, a_user(user_id=7))
        oracle = AccessLogOracle(world.database, KIT_TABLES.audit.log, PERSONS)
        return oracle, client.get("/person")

    return look


def entries(world):
    with world.database.reading() as session:
        return session.execute(KIT_TABLES.audit.log.select()).all()


@pytest.mark.req("GEN-06")
def test_the_entry_says_who_looked_at_whom_and_why(world, see):
    _, answer = see([11])

    (entry,) = entries(world)
    assert (entry.actor, entry.role, entry.organisation, entry.pid) == ("user:7", "LU", 700001, 11)
    assert (entry.action, entry.object, entry.reason) == ("read", "person:11", "treatment")
    assert entry.correlation_id == answer.headers["X-Correlation-Id"]


@pytest.mark.req("GEN-06")
def test_each_person_is_logged_once_and_a_search_in_vain_too(world, see):
    see([11, 12, 11])
    see([None])
    see([])

    assert [entry.pid for entry in entries(world)] == [11, 12, None]


@pytest.mark.req("GEN-06")
def test_the_oracle_accepts_a_logged_page_and_finds_an_unlogged_one(see):
    oracle, answer = see([11])
    assert oracle.check(answer) == {11}

    for wrong in ([], [12], [None]):
        oracle, answer = see(wrong)
        with pytest.raises(UnloggedAccessError, match="11"):
            oracle.check(answer)


@pytest.mark.req("GEN-06")
def test_a_log_that_cannot_be_written_means_no_data(world, see):
    with world.database.transaction() as session:
        session.connection().exec_driver_sql(f"ALTER TABLE {KIT_TABLES.audit.log.name} RENAME TO away")

    _, answer = see([11])

    assert answer.status_code in {500, 503}
    assert "Prøve" not in answer.text
