"""Answers fetched from eprom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask, Response, jsonify

from services.registration.gateways.eprom import EpromAnswers
from services.registration.usecases.ports import OutsideUnavailable
from shared.auth.service_client import ServiceClient
from shared.testing.wsgi_http import wsgi_http
from tests.registration.site import EPROM

ANSWER = {
    "order_id": "a1",
    "course_id": 12,
    "pid": 3,
    "form": "pasreg",
    "definition_version": 1,
    "document": {"pain_now": 4},
    "answered_at": "2026-11-21T12:00:00+00:00",
    "filled_out_by": "parent",
    "misfits": [{"field": "pain_now", "value": "77", "warning": ""}],
}


class Token:
    def token(self):
        return "token"

    def renew(self):
        """Nothing is kept."""


class Eprom:
    def __init__(self):
        self.answer = lambda: jsonify(ANSWER)
        app = Flask("eprom", static_folder=None)
        app.add_url_rule("/api/answers/<order_id>", view_func=lambda order_id: self.answer())
        self.http = wsgi_http({EPROM: app})
        self.gateway = EpromAnswers(ServiceClient(EPROM, Token(), http=self.http))


@pytest.fixture
def eprom():
    return Eprom()


@pytest.mark.req("EPR-09")
def test_answers_come_with_their_order(eprom):
    found = eprom.gateway.fetch("a1")

    assert (found.order_id, found.course_id, found.pid, found.form) == ("a1", 12, 3, "pasreg")
    assert (found.document, found.filled_out_by) == ({"pain_now": 4}, "parent")
    assert found.answered_at == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert "pain" not in repr(found)


@pytest.mark.req("EPR-09")
def test_answers_that_are_gone_are_none(eprom):
    eprom.answer = lambda: Response(status=404)

    assert eprom.gateway.fetch("a1") is None


@pytest.mark.parametrize(
    "answer",
    [
        lambda: Response(status=503),
        lambda: Response(status=403),
        lambda: Response("no json", content_type="application/json"),
        lambda: jsonify({**ANSWER, "document": "text"}),
        lambda: jsonify({"order_id": "a1"}),
    ],
)
@pytest.mark.req("BUS-05")
def test_an_eprom_that_fails_is_asked_again_later(eprom, answer):
    eprom.answer = answer

    with pytest.raises(OutsideUnavailable):
        eprom.gateway.fetch("a1")
