"""Traces: one span a request, named by the route's pattern, continued from the caller and handed on."""

from __future__ import annotations

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.observability.trace_context import current_traceparent

CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(scope="module")
def exporter():
    memory = InMemorySpanExporter()
    known = trace.get_tracer_provider()
    if not isinstance(known, TracerProvider):
        known = TracerProvider()
        trace.set_tracer_provider(known)
    known.add_span_processor(SimpleSpanProcessor(memory))
    return memory


@pytest.mark.req("OPS-04")
def test_a_request_is_a_span_of_its_callers_trace(lite, client, exporter):
    exporter.clear()
    seen = []
    lite.app.before_request(lambda: seen.append(current_traceparent()))

    client.get("/fail/gone?x=01810012345", headers={"traceparent": CALLER})

    (span,) = exporter.get_finished_spans()
    assert span.name == "GET /fail/<how>"
    assert f"{span.context.trace_id:032x}" == CALLER.split("-")[1]
    assert span.attributes == {"http.response.status_code": 410}
    assert seen[0].split("-")[1] == CALLER.split("-")[1]
    assert "01810012345" not in span.to_json()


@pytest.mark.req("OPS-04")
@pytest.mark.parametrize("given", ["", "x", "00-0-0-00", "é"])
def test_an_odd_trace_header_begins_a_new_trace(client, exporter, given):
    exporter.clear()

    assert client.get("/health", headers={"traceparent": given}).status_code == 200

    (span,) = exporter.get_finished_spans()
    assert span.parent is None
    assert current_traceparent() is None
