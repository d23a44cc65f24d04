"""Calls between services: own token, kept until near its end, time limits, correlation, plain outages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, jsonify, request

from shared.auth.errors import ProviderUnavailable, ServiceUnavailable
from shared.auth.service_client import ClientCredentials, ServiceClient
from shared.auth.tokens import TokenChecker
from shared.observability.log import bound_correlation
from shared.testing.oidc import Registered, new_key
from shared.testing.wsgi_http import wsgi_http
from tests.shared.auth.kit import CALLBACK, ISSUER, World

EPROM = "http://eprom.test/eprom"


class Callee:
    """Another service that checks tokens and keeps what it was asked."""

    def __init__(self, world):
        self.checker = TokenChecker(ISSUER, "eprom", world.provider.keys, world.clock)
        self.calls, self.status, self.more_headers = [], 200, {}
        app = Flask("callee")
        app.add_url_rule("/api/forms", view_func=self.answer, methods=["GET", "POST", "PUT", "DELETE"])
        self.http = wsgi_http({EPROM: app})
        self.adapter = self.http.get_adapter(EPROM)

    def answer(self):
        caller = self.checker.check(request.headers["Authorization"].removeprefix("Bearer "))
        self.calls.append((request.method, caller.client_id, dict(request.headers), request.get_json(silent=True)))
        return jsonify(args=request.args), self.status, self.more_headers


@pytest.fixture
def world():
    return World()


@pytest.fixture
def callee(world):
    return Callee(world)


@pytest.fixture
def tokens(world):
    secret = world.idp.clients["registration"].secret
    return ClientCredentials(world.provider, "registration", "eprom", clock=world.clock, secret=secret)


@pytest.fixture
def client(callee, tokens):
    return ServiceClient(EPROM, tokens, http=callee.http)


def tokens_fetched(world):
    return sum(sent.url.endswith("/token") for sent in world.idp.adapter.sent)


@pytest.mark.req("IDN-09")
def test_the_called_service_knows_who_calls_and_why(client, callee):
    with bound_correlation("request-17"):
        response = client.post("/api/forms", json={"order_id": "a"}, idempotency_key="k" * 16)

    method, caller, headers, body = callee.calls[0]
    assert (response.status_code, method, caller, body) == (200, "POST", "registration", {"order_id": "a"})
    assert headers["X-Correlation-Id"] == "request-17"
    assert headers["Idempotency-Key"] == "k" * 16


def test_every_kind_of_call_arrives(client, callee):
    assert client.get("/api/forms", params={"page": 2}).json() == {"args": {"page": "2"}}
    client.put("/api/forms", json={})
    client.delete("/api/forms")

    assert [call[0] for call in callee.calls] == ["GET", "PUT", "DELETE"]


@pytest.mark.req("IDN-09")
def test_a_token_is_kept_until_thirty_seconds_before_its_end(world, client):
    client.get("/api/forms")
    world.clock.move(timedelta(minutes=9, seconds=29))
    client.get("/api/forms")
    assert tokens_fetched(world) == 1

    world.clock.move(timedelta(seconds=1))
    client.get("/api/forms")
    assert tokens_fetched(world) == 2


def test_a_refused_token_is_fetched_anew_once(world, client, callee):
    callee.status = 401

    assert client.get("/api/forms").status_code == 401
    assert (len(callee.calls), tokens_fetched(world)) == (2, 2)


def test_a_service_can_prove_itself_with_a_key(world, callee):
    key = new_key()
    world.idp.register(Registered(client_id="release", redirect_uri=CALLBACK, public_key=key.as_dict(private=False)))
    private = key.as_dict(private=True)
    source = ClientCredentials(world.provider, "release", "eprom", clock=world.clock, private_key=private)

    ServiceClient(EPROM, source, http=callee.http).get("/api/forms")

    assert callee.calls[0][1] == "release"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_refusals_are_the_callers_business(client, callee, status):
    callee.status = status

    assert client.get("/api/forms").status_code == status


@pytest.mark.parametrize(
    ("status", "told", "wait"), [(500, "", 5), (503, "17", 17), (429, "99999", 3600), (502, "soon", 5)]
)
def test_outages_say_when_to_try_again(client, callee, status, told, wait):
    callee.status, callee.more_headers = status, {"Retry-After": told}

    with pytest.raises(ServiceUnavailable) as caught:
        client.get("/api/forms")

    assert caught.value.retry_after == wait


def test_a_service_that_is_away_is_an_outage(client, callee):
    callee.adapter.is_down = True

    with pytest.raises(ServiceUnavailable):
        client.get("/api/forms")


@pytest.mark.parametrize("spoil", ["down", "stranger"])
def test_without_a_token_nothing_is_sent(world, client, callee, tokens, spoil):
    if spoil == "down":
        world.idp.adapter.is_down = True
    else:
        world.idp.clients.clear()

    with pytest.raises(ProviderUnavailable):
        tokens.token()
    with pytest.raises(ServiceUnavailable):
        client.get("/api/forms")
    assert not callee.calls
