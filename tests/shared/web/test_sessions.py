"""Sessions: random, kept as hashes, short, renewed at log-in, and ended from anywhere; on both databases."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from shared.auth.revocation import Revocation, revoke
from shared.db.database import Database
from shared.testing.web import a_citizen, a_user, make_client, sign_in
from shared.web.housekeeping import purge_web_tables
from shared.web.tables import WEB
from tests.shared.web.kit import NOW, World

COOKIE = "small_session"


@pytest.fixture
def client(world):
    return make_client(world.app)


def rows(world):
    with world.database.reading() as session:
        return session.execute(select(WEB.web_session)).all()


def sessions(world):
    return world.app.extensions["kit"].sessions


def status(client):
    return client.get("/work-list").status_code


@pytest.mark.req("IDN-09")
def test_the_table_holds_the_hash_of_the_cookie_only(world, client):
    sign_in(client, a_user())
    cookie = client.get_cookie(COOKIE).value

    (row,) = rows(world)

    assert len(cookie) >= 43
    assert row.id_hash == hashlib.sha256(cookie.encode()).hexdigest()
    assert cookie not in str(row)
    assert (row.actor, row.user_id, row.created_at) == ("user:1", 1, NOW)


def test_a_visitor_who_stores_nothing_gets_neither_row_nor_cookie(world, client):
    response = client.get("/")

    assert "Set-Cookie" not in response.headers
    assert rows(world) == []


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    cookie = client.get("/login").headers["Set-Cookie"]

    assert cookie.startswith(f"{COOKIE}=")
    assert all(part in cookie for part in ("; HttpOnly", "; SameSite=Lax", "; Path=/"))


def test_under_a_prefix_the_cookie_keeps_to_the_prefix(world, client):
    login = client.get("/login", base_url="http://localhost/small")

    assert "Path=/small" in login.headers["Set-Cookie"]


def test_over_https_the_cookie_is_bound_to_the_host(world):
    secure = World(world.database, cookie_secure=True)

    cookie = make_client(secure.app).get("/login", base_url="https://localhost/small").headers["Set-Cookie"]

    assert cookie.startswith("__Host-small_session=")
    assert all(part in cookie for part in ("; Secure", "; HttpOnly", "; Path=/;", "SameSite=Lax"))
    assert "Domain" not in cookie


@pytest.mark.req("IDN-11")
@pytest.mark.parametrize(("idle", "expected"), [(timedelta(minutes=29, seconds=59), 200), (timedelta(minutes=30), 302)])
def test_half_an_hour_without_use_ends_it(world, client, idle, expected):
    sign_in(client, a_user())
    world.clock.move(idle)

    assert status(client) == expected


@pytest.mark.req("IDN-11")
def test_twelve_hours_end_it_however_much_it_is_used(world, client):
    sign_in(client, a_user())
    for _ in range(35):
        world.clock.move(timedelta(minutes=20))
        assert status(client) == 200
    world.clock.move(timedelta(minutes=20))

    assert status(client) == 302


def noted(way, calls):
    """A way to the database that notes each time it is gone."""
    real = getattr(Database, way)

    def go(*given):
        calls.append(way)
        return real(*given)

    return go


def test_a_request_reads_once_and_writes_at_most_once_a_minute(world, client, monkeypatch):
    sign_in(client, a_user())
    calls = []
    for way in ("read_one", "reading", "transaction"):
        monkeypatch.setattr(Database, way, noted(way, calls))

    status(client)
    assert calls == ["read_one"]
    world.clock.move(timedelta(minutes=1))
    status(client)
    assert calls == ["read_one", "read_one", "transaction"]
    client.get("/health")
    client.get("/api/docs/files/VERSION")
    assert calls == ["read_one", "read_one", "transaction"]


def test_what_is_stored_comes_back_and_a_change_is_kept(world, client):
    for expected in ("1", "2", "3"):
        assert f"<p>{expected}</p>" in client.send_form("/remember").text


@pytest.mark.req("IDN-09")
def test_a_cookie_planted_before_the_log_in_is_worth_nothing_after(world, client):
    planted = make_client(world.app)
    planted.send_form("/remember")
    client.set_cookie(COOKIE, planted.get_cookie(COOKIE).value)
    address = client.get("/login").headers["Location"]

    fields = world.identity.log_in(address, {"sub": "1", "role": "LU"})
    client.get("/callback", query_string=fields)

    assert status(client) == 200
    assert status(planted) == 302
    assert client.get_cookie(COOKIE).value != planted.get_cookie(COOKIE).value


@pytest.mark.parametrize("cookie", ["", "x", "x" * 43, "0" * 64, "' OR 1=1 --", "é"])
def test_a_made_up_cookie_opens_nothing(client, cookie):
    client.set_cookie(COOKIE, cookie)

    assert status(client) == 302


def test_the_hash_from_the_table_opens_nothing(world, client):
    sign_in(client, a_user())
    client.set_cookie(COOKIE, rows(world)[0].id_hash)

    assert status(client) == 302


@pytest.mark.req("IDN-08")
def test_all_sessions_of_a_user_can_be_ended(world):
    mine, other = [make_client(world.app) for _ in range(3)], make_client(world.app)
    for client in mine:
        sign_in(client, a_user(user_id=7))
    sign_in(other, a_user(user_id=8))

    assert sessions(world).end_user("user:7") == 3
    assert [status(client) for client in (*mine, other)] == [302, 302, 302, 200]


@pytest.mark.req("IDN-08")
def test_a_revoked_user_is_out_on_the_next_request(world, client):
    sign_in(client, a_user(user_id=7))
    assert status(client) == 200

    with world.database.transaction() as session:
        revoke(session, Revocation(7, world.clock.now()))

    assert status(client) == 302
    world.clock.move(timedelta(seconds=1))
    sign_in(client, a_user(user_id=7))
    assert status(client) == 200


def test_an_ended_session_is_not_brought_back_by_a_request_under_way(world, client):
    client.send_form("/remember")
    stored = sessions(world).find(client.get_cookie(COOKIE).value)
    sessions(world).end(stored.id_hash)

    assert not sessions(world).save(stored.id_hash, {"seen": 9})
    assert not sessions(world).touch(stored.id_hash)
    assert rows(world) == []


@pytest.mark.req("IDN-08")
def test_a_party_sees_and_ends_its_own_sessions_only(world):
    clients = [make_client(world.app) for _ in range(2)]
    for client in clients:
        sign_in(client, a_user(user_id=7))
        world.clock.move(timedelta(minutes=1))
    sign_in(make_client(world.app), a_citizen())

    newest, oldest = sessions(world).list_of("user:7")
    assert newest.created_at - oldest.created_at == timedelta(minutes=1)
    assert sessions(world).end_one("user:8", oldest.handle) == 0
    assert sessions(world).end_one("user:7", oldest.handle) == 1
    assert [status(client) for client in clients] == [302, 200]


def test_dead_sessions_are_removed_from_the_table(world, client):
    sign_in(client, a_user())
    world.clock.move(timedelta(minutes=31))
    sign_in(make_client(world.app), a_user(user_id=2))

    assert purge_web_tables(world.database, world.clock)["web_session"] == 1
    assert len(rows(world)) == 1
