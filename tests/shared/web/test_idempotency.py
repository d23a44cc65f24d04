"""Idempotency keys: a repeated call gets the first answer and has no second effect, whatever died in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import g
from sqlalchemy import delete, select

from shared.outbox.unit_of_work import Store, UnitOfWork
from shared.testing.web import make_client
from shared.web.housekeeping import purge_web_tables
from shared.web.idempotency import Claim, KeptAnswers, State, once
from shared.web.problems import AlreadyApplied, KeyReused, StillWorking
from shared.web.tables import WEB
from tests.shared.web.kit import KIT_TABLES

KEY = "k" * 16
PATH = "/api/notes"


def bearer(world, client_id="eprom"):
    return {"Authorization": f"Bearer {world.identity.service_token('small', client_id)}"}


def send(world, text="x", key=KEY, headers=None):
    extra = {"Idempotency-Key": key} if key is not None else {}
    return make_client(world.app).post(PATH, json={"text": text}, headers={**(headers or bearer(world)), **extra})


@pytest.fixture
def answers(world):
    return KeptAnswers(world.database, world.clock, "s" * 40)


def rows(world):
    with world.database.reading() as session:
        return session.execute(select(WEB.idempotency_key)).all()


@pytest.mark.req("OPS-06")
def test_a_repeated_call_gets_the_first_answer_and_acts_once(world):
    first, second = send(world), send(world)

    assert (first.status_code, first.json) == (second.status_code, second.json) == (201, {"text": "x"})
    assert world.effects == [{"text": "x"}]
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert first.headers["X-Correlation-Id"] != second.headers["X-Correlation-Id"]


@pytest.mark.req("OPS-06")
def test_without_a_key_each_call_acts(world):
    send(world, key=None)
    send(world, key=None)

    assert len(world.effects) == 2


@pytest.mark.req("OPS-06")
def test_a_key_used_for_something_else_is_refused(world):
    send(world)

    answer = send(world, text="y")

    assert (answer.status_code, answer.json["type"]) == (422, "urn:registry:problem:idempotency_key_reused")
    assert len(world.effects) == 1


def test_a_key_belongs_to_one_party(world):
    user = {"Authorization": f"Bearer {world.identity.access_token('small', role='LC')}"}

    send(world)
    send(world, headers=user)

    assert len(world.effects) == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 201, "with space in the key", "k" * 15 + "é"])
def test_an_odd_key_is_refused(lite, key):
    assert send(lite, key=key).status_code == 400


def test_a_refused_call_may_be_put_right_under_the_same_key(world):
    assert send(world, text="x" * 101).status_code == 422
    assert send(world).status_code == 201


@pytest.mark.req("OPS-06")
def test_twenty_at_once_act_once(world):
    start = Barrier(20)

    def call(_):
        start.wait()
        return send(world).status_code

    with ThreadPoolExecutor(20) as pool:
        codes = list(pool.map(call, range(20)))

    assert len(world.effects) == 1
    assert set(codes) <= {201, 409}
    assert 201 in codes


def test_answers_at_rest_cannot_be_read_without_the_secret(world):
    send(world, text="hemmelig")

    (row,) = rows(world)
    assert b"hemmelig" not in row.sealed_answer
    assert KEY not in str(row)


@pytest.mark.req("OPS-06")
def test_while_the_first_call_works_the_second_waits(answers):
    answers.claim("h", "f")

    with pytest.raises(StillWorking) as caught:
        answers.claim("h", "f")
    assert ("Retry-After", "1") in caught.value.get_headers()
    with pytest.raises(KeyReused):
        answers.claim("h", "other")


@pytest.mark.req("OPS-06")
def test_a_call_that_died_before_its_effect_may_be_tried_again_later(world, answers):
    dead = answers.claim("h", "f")
    world.clock.move(timedelta(minutes=10))

    heir = answers.claim("h", "f")

    assert isinstance(heir, Claim)
    assert heir.token != dead.token


def effect_under(world, claim):
    """Do what a use case does, in the request that holds the claim."""
    uow = once(UnitOfWork(world.database, Store, KIT_TABLES, clock=world.clock))
    with world.app.test_request_context("/"):
        g.idempotency_claim = claim
        with uow() as store:
            store.session.execute(delete(WEB.throttle_counter))


@pytest.mark.req("OPS-06")
def test_a_call_that_died_after_its_effect_never_acts_again(world, answers):
    effect_under(world, answers.claim("h", "f"))
    world.clock.move(timedelta(hours=1))

    with pytest.raises(AlreadyApplied):
        answers.claim("h", "f")


@pytest.mark.req("OPS-06")
def test_a_slow_call_whose_key_was_taken_over_is_rolled_back(world, answers):
    slow = answers.claim("h", "f")
    world.clock.move(timedelta(minutes=10))
    answers.claim("h", "f")

    with pytest.raises(StillWorking):
        effect_under(world, slow)


def test_releasing_a_key_after_the_effect_does_not_free_it(world, answers):
    claim = answers.claim("h", "f")
    effect_under(world, claim)
    answers.release(claim)

    assert [row.state for row in rows(world)] == [State.APPLIED]


def test_outside_a_request_the_unit_of_work_is_the_usual_one(world):
    uow = once(UnitOfWork(world.database, Store, KIT_TABLES, clock=world.clock))

    with uow() as store:
        assert store.now == world.clock.now()


def test_keys_are_removed_after_two_days(world):
    send(world)
    world.clock.move(timedelta(hours=48))

    assert purge_web_tables(world.database, world.clock)["idempotency_key"] == 1


def test_the_header_is_in_the_api_document(lite):
    document = make_client(lite.app).get("/api/openapi.json").json

    names = [told.get("name") for told in document["paths"][PATH]["post"]["parameters"]]
    assert names == ["Idempotency-Key"]
