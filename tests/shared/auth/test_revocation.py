"""Signed-out users: told by events and by identity's feed, kept on both databases, never forgotten by an older line."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, jsonify, request

from shared.auth.errors import ServiceUnavailable
from shared.auth.revocation import REVOKED_USER, Revocation, add_tables, is_revoked, not_before, revoke
from shared.auth.revocation_feed import HANDLERS, RevocationFeed
from shared.auth.service_client import ServiceClient
from shared.contracts.identity import RoleChanged, SessionsRevoked, UserApproved, UserDeactivated
from shared.db.base import new_metadata
from shared.outbox.tables import add_kit_tables
from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.scheduling.clock import FixedClock
from shared.testing.wsgi_http import wsgi_http

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
IDENTITY = "http://identity.test"


@pytest.fixture
def database(make_database):
    metadata = new_metadata()
    add_tables(metadata)
    add_kit_tables(metadata)
    return make_database(metadata)


@pytest.fixture
def uow(database):
    return UnitOfWork(database, Store, add_kit_tables(new_metadata()), clock=FixedClock(NOW))


def stored(database, user_id=7):
    with database.reading() as session:
        return not_before(session, user_id)


def store(database, user_id, moment):
    with database.transaction() as session:
        revoke(session, Revocation(user_id, moment))


@pytest.mark.req("IDN-08")
def test_the_newest_moment_counts_in_whatever_order_they_come(database):
    for moment in (NOW, NOW - HOUR, NOW + HOUR, NOW):
        store(database, 7, moment)

    assert stored(database) == NOW + HOUR
    assert stored(database, 8) is None


@pytest.mark.req("IDN-08")
@pytest.mark.parametrize(
    ("event", "moment"),
    [
        (SessionsRevoked(user_id=7, not_before=NOW - HOUR), NOW - HOUR),
        (UserDeactivated(user_id=7), NOW),
        (RoleChanged(user_id=7, registry="smertereg", organisation=700001, role="LC"), NOW),
    ],
)
def test_events_of_identity_void_what_was_given_before(database, uow, event, moment):
    HANDLERS[type(event)](event, uow)

    assert stored(database) == moment


def test_other_events_are_refused_as_a_wiring_fault(uow):
    event = UserApproved(user_id=7, registry="smertereg", organisation=700001, role="LU")

    with pytest.raises(TypeError):
        HANDLERS[RoleChanged](event, uow)


@pytest.mark.req("IDN-08")
@pytest.mark.parametrize(
    ("issued_at", "moment", "is_void"),
    [
        (NOW, None, False),
        (NOW, NOW - HOUR, False),
        (NOW, NOW, True),
        (NOW - HOUR, NOW, True),
        (None, NOW, True),
        (None, None, False),
    ],
)
def test_what_was_issued_at_that_moment_or_before_is_void(issued_at, moment, is_void):
    assert is_revoked(issued_at, moment) is is_void


class FixedToken:
    def token(self):
        return "t"

    def renew(self):
        raise AssertionError


class Identity:
    """Identity's feed, as far as a poll sees it."""

    def __init__(self):
        self.lines, self.asked, self.body = [], [], None
        app = Flask("identity")
        app.add_url_rule("/api/revocations", view_func=self.answer)
        self.http = wsgi_http({IDENTITY: app})

    def answer(self):
        since = datetime.fromisoformat(request.args["since"])
        self.asked.append(since)
        found = [{"user_id": u, "not_before": m.isoformat()} for u, m in self.lines if m >= since]
        return jsonify(self.body or {"revocations": found})


@pytest.fixture
def identity():
    return Identity()


@pytest.fixture
def feed(database, identity):
    client = ServiceClient(IDENTITY, FixedToken(), http=identity.http)
    return RevocationFeed(client, database, FixedClock(NOW))


@pytest.mark.req("IDN-08")
def test_with_the_bus_down_the_feed_tells(database, identity, feed):
    identity.lines = [(7, NOW - HOUR), (8, NOW)]

    assert feed.poll() == 2
    assert (stored(database, 7), stored(database, 8)) == (NOW - HOUR, NOW)


def test_a_poll_looks_back_over_a_session_first_and_then_a_little(identity, feed):
    feed.poll()
    identity.lines = [(7, NOW)]
    feed.poll()
    feed.poll()

    assert [NOW - since for since in identity.asked] == [13 * HOUR, 13 * HOUR, timedelta(minutes=15)]


@pytest.mark.parametrize("body", [{"lines": []}, {"revocations": [{"user_id": 7}]}, {"revocations": 1}])
def test_a_feed_that_talks_nonsense_is_an_outage(identity, feed, body):
    identity.body = body

    with pytest.raises(ServiceUnavailable):
        feed.poll()


def test_the_loop_outlives_an_identity_that_is_away(database, identity, feed):
    identity.http.get_adapter(IDENTITY).is_down = True
    stop = threading.Event()
    loop = threading.Thread(target=feed.run_forever, args=(stop,))
    loop.start()
    while not identity.http.get_adapter(IDENTITY).sent:
        pass
    stop.set()
    loop.join(5)

    assert not loop.is_alive()


def test_the_table_says_what_it_holds():
    assert [column.info["privacy"] for column in REVOKED_USER.columns] == ["pseudonym", "none"]
