"""The operator lets other registries order forms, and settles orders of unknown outcome."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from deploy.registryctl import __main__ as registryctl
from services.eprom.app import build
from services.eprom.domain.national import Standing
from services.eprom.queries.orderers import orderer_with_key
from services.eprom.settings import Settings
from services.eprom.store.store import order_of
from services.eprom.usecases.national_ledger import OrderLedger
from services.eprom.usecases.place_order import place_order
from tests.eprom.usecases.world import DISPATCH, course_name

URL = "https://register.example.no/eprom"

pytestmark = pytest.mark.req("EPR-15")


@pytest.fixture
def means(machine):
    """Eprom on a machine that has been prepared."""
    made = build(Settings.from_env(machine("identity", "eprom", tables=["eprom"]))).means
    yield made
    made.database.engine.dispose()


def typed(*words, why="agreed on"):
    return registryctl.main(["eprom", *words, "--why", why])


def test_an_orderer_is_added_listed_and_removed_and_its_key_shown_once(means, capsys):
    assert typed("orderer", "add", "nakke", URL) == 0
    key = re.search(r"Key of nakke: (\S+)", capsys.readouterr().out)[1]
    assert orderer_with_key(key, uow=means.uow) == "nakke"

    assert typed("orderer", "list") == 0
    assert capsys.readouterr().out == f"nakke  {URL}  may order\n"
    assert typed("orderer", "remove", "nakke") == 0
    assert orderer_with_key(key, uow=means.uow) is None
    typed("orderer", "list")
    assert "removed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["add", "nakke", "http://register.example.no"], "address_without_https"),
        (["add", "kjent", URL], "orderer_known"),
        (["remove", "ukjent"], "No registry ukjent"),
    ],
)
def test_what_cannot_be_done_is_said(means, capsys, words, told):
    typed("orderer", "add", "kjent", URL)

    assert typed("orderer", *words) == 1
    assert told in capsys.readouterr().err


def test_without_a_reason_nobody_is_let_in(means, capsys):
    assert typed("orderer", "add", "nakke", URL, why="") == 1
    assert typed("orderer", "list") == 0
    assert capsys.readouterr().out == ""


@pytest.fixture
def unknown(means):
    """An order of which nobody knows whether it was taken."""
    order_id = place_order(course_name(), "pasreg", due_at=DISPATCH, uow=means.uow)
    ledger = OrderLedger(means.uow)
    ledger.begin("k" * 36, order_id)
    ledger.settle("k" * 36, Standing.UNKNOWN)
    with means.uow() as store:
        row = store.order(order_id)
        row.state, row.code = "failed", "unknown_outcome"
    return order_id


def state(means, order_id):
    with means.uow() as store:
        return order_of(store.order(order_id)).state


def test_an_order_that_was_made_is_waited_for(means, unknown, capsys):
    assert typed("national", "list") == 0
    assert unknown in capsys.readouterr().out

    assert typed("national", "made", unknown, str(uuid4())) == 0
    assert OrderLedger(means.uow).begin("k" * 36, unknown) is Standing.TAKEN
    assert state(means, unknown) == "waiting"
    assert typed("national", "made", unknown, str(uuid4())) == 1


def test_an_order_that_was_not_made_is_placed_anew(means, unknown):
    assert typed("national", "not-made", unknown) == 0

    assert state(means, unknown) == "waiting"
    assert OrderLedger(means.uow).begin("k" * 36, unknown) is None


@pytest.mark.parametrize("words", [["made", "0" * 32, "x"], ["not-made", "0" * 32]])
def test_what_is_known_is_not_settled(means, words, capsys):
    assert typed("national", *words) == 1
    assert capsys.readouterr().err
