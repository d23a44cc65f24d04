"""One log line a request: pattern, method, status, time, kind of party; nothing that names anybody."""

from __future__ import annotations

import io
import json

import pytest
import structlog

from shared.observability.log import configure_logging, correlation_id
from shared.testing.web import a_user, make_client, sign_in


@pytest.fixture
def lines(lite):
    stream = io.StringIO()
    configure_logging("small", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.mark.req("OPS-04", "GEN-04")
def test_the_line_tells_what_happened_and_not_to_whom(lite, client, lines):
    sign_in(client, a_user("LC", name="Kari Prøve"))

    client.get("/work-list?number=01810012345")

    (line,) = lines()
    told = {
        name: line[name] for name in ("event", "rule", "method", "status", "kind", "role", "organisation", "service")
    }
    assert told == {
        "event": "request",
        "rule": "/work-list",
        "method": "GET",
        "status": 200,
        "kind": "user",
        "role": "LC",
        "organisation": 700001,
        "service": "small",
    }
    assert line["ms"] >= 0
    assert set(line) == {*told, "ms", "level", "timestamp", "correlation_id"}
    assert "01810012345" not in str(line)


@pytest.mark.req("OPS-04")
@pytest.mark.parametrize("path", ["/01810012345", "/fail/01810012345", "/static/01810012345"])
def test_the_path_itself_is_never_logged(client, lines, path):
    client.get(path)

    assert "01810012345" not in str(lines())
    assert lines()[-1]["rule"] in {"unknown", "/fail/<how>", "/static/<path:filename>"}


def test_an_odd_method_is_not_quoted(client, lines):
    client.open("/", method="KARI")

    assert lines()[0]["method"] == "other"


@pytest.mark.req("OPS-04")
def test_a_correlation_id_is_taken_over_passed_on_and_given_back(lite, client, lines):
    seen = []
    lite.app.before_request(lambda: seen.append(correlation_id()))

    answer = client.get("/", headers={"X-Correlation-Id": "0123456789abcdef"})

    assert seen == ["0123456789abcdef"]
    assert answer.headers["X-Correlation-Id"] == "0123456789abcdef"
    assert lines()[0]["correlation_id"] == "0123456789abcdef"
    assert correlation_id() == ""


@pytest.mark.req("OPS-04")
@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space in it", "01810012345;DROP", "æøåæøåæøå"])
def test_an_odd_correlation_id_is_replaced(client, given):
    ids = {client.get("/", headers={"X-Correlation-Id": given}).headers["X-Correlation-Id"] for _ in range(2)}

    assert len(ids) == 2
    assert all(len(found) == 32 for found in ids)


def test_a_failure_is_logged_by_kind_and_place(lite, lines):
    make_client(lite.app).get("/fail/bug")

    failure, request = lines()
    assert failure["error"] == "ZeroDivisionError"
    assert failure["frames"][-1].startswith("kit.py:")
    assert failure["correlation_id"] == request["correlation_id"]
