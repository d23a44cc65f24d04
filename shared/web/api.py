"""The JSON side: flask-smorest with problem details, an OpenAPI 3.1 document and a page to read it offline."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any

import flask_swagger_ui
import marshmallow as ma
from flask import Blueprint, Flask, Response, jsonify, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_smorest import Api
from flask_smorest import Blueprint as ApiBlueprint
from werkzeug.exceptions import HTTPException

from shared.web import errors
from shared.web.context import API_PREFIX
from shared.web.headers import allow_caching
from shared.web.problems import PROBLEM_JSON

SWAGGER_FILES = Path(flask_swagger_ui.__file__).parent / "dist"
OPENAPI_VERSION = "3.1.0"
BEARER = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}


class ApiError(Exception):
    """An API blueprint is registered outside /api/."""


class ProblemSchema(ma.Schema):
    """Problem details as in RFC 9457."""

    type = ma.fields.String(required=True, metadata={"format": "uri-reference"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    correlation_id = ma.fields.String(required=True)
    errors = ma.fields.Dict(metadata={"description": "What is wrong, by place and field."})


class ProblemApi(Api):
    """The OpenAPI document and routes of one service; errors stay pages for people and problems for programs."""

    ERROR_SCHEMA = ProblemSchema

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer an error by the kit's own rules instead of JSON everywhere."""
        return errors.answer(error)

    def _register_responses(self) -> None:
        content = {PROBLEM_JSON: {"schema": ProblemSchema()}}
        for name, description in [(status.name, status.phrase) for status in HTTPStatus] + [
            (self.DEFAULT_ERROR_RESPONSE_NAME, "Any other answer is a problem")
        ]:
            self.spec.components.response(name, {"description": description, "content": content}, lazy=True)

    def _openapi_json(self) -> Response:
        document = self.spec.to_dict()
        return jsonify({**document, "servers": [{"url": request.script_root or "/"}]})


def install(app: Flask, name: str, version: str, blueprints: list[ApiBlueprint]) -> None:
    """Register the API blueprints, the document at /api/openapi.json and the page at /api/docs."""
    app.config.update(
        API_TITLE=name,
        API_VERSION=version,
        OPENAPI_VERSION=OPENAPI_VERSION,
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = ProblemApi(app, spec_kwargs={"security": [{"bearer": []}], "components": {"securitySchemes": BEARER}})
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    app.register_blueprint(_page())
    _check_prefixes(app, {blueprint.name for blueprint in blueprints})


def _check_prefixes(app: Flask, names: set[str]) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in names and not rule.rule.startswith(API_PREFIX):
            raise ApiError(f"{rule.endpoint} is not under {API_PREFIX}")


def _page() -> Blueprint:
    pages = Blueprint("api_page", __name__)

    @pages.get("/api/docs")
    def show() -> ResponseReturnValue:
        config: dict[str, Any] = {
            "url": url_for("api-docs.openapi_json"),
            "dom_id": "#swagger-ui",
            "deepLinking": True,
            "validatorUrl": None,
        }
        return render_template("web/api_docs.html", config=config)

    @pages.get("/api/docs/files/<path:filename>")
    def files(filename: str) -> ResponseReturnValue:
        allow_caching()
        return send_from_directory(SWAGGER_FILES, filename, max_age=3600)

    return pages
