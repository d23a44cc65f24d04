"""The OpenAPI document and its page."""

from __future__ import annotations

import pytest

from shared.testing.html import parse_page
from shared.testing.web import make_client


@pytest.fixture
def document(client):
    return client.get("/api/openapi.json").json


@pytest.mark.req("OPS-06")
def test_the_document_is_openapi_3_1_and_names_every_api_route(lite, document):
    routes = {rule.rule for rule in lite.app.url_map.iter_rules() if rule.endpoint.startswith("notes.")}

    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == routes


@pytest.mark.req("OPS-06")
def test_every_operation_may_answer_with_a_problem(document):
    for path in document["paths"].values():
        for operation in (value for name, value in path.items() if name != "parameters"):
            assert operation["responses"]["default"] == {"$ref": "#/components/responses/DEFAULT_ERROR"}
    content = document["components"]["responses"]["DEFAULT_ERROR"]["content"]
    assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert {"type", "title", "status", "detail", "errors", "correlation_id"} == set(
        document["components"]["schemas"]["Problem"]["properties"]
    )


def test_the_document_says_that_a_token_is_needed(document):
    assert document["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_the_document_names_the_prefix_it_is_served_under(lite):
    prefixed = make_client(lite.app).get("/api/openapi.json", base_url="http://localhost/small").json

    assert prefixed["servers"] == [{"url": "/small"}]


@pytest.mark.req("OPS-06")
def test_the_page_needs_nothing_from_elsewhere(client):
    tree = parse_page(client.get("/api/docs").text)

    addresses = [node.get("src") or node.get("href") for node in [*tree.iter("script"), *tree.iter("link")]]
    for address in filter(None, addresses):
        assert address.startswith("/api/docs/files/")
        assert client.get(address).status_code == 200
    assert "/api/openapi.json" in tree.findall("body/script")[-1].text
