"""Every refusal and failure becomes an answer here: a page for people, a fragment for htmx, a problem for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Flask, Response, g, render_template, request
from jinja2 import TemplateError
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException, InternalServerError

from shared.auth.errors import ProviderUnavailable
from shared.auth.errors import ServiceUnavailable as OtherServiceUnavailable
from shared.auth.principal import ANONYMOUS
from shared.db.errors import DatabaseUnavailable
from shared.web.context import correlation_id, is_api, is_htmx
from shared.web.language import translate
from shared.web.problems import PROBLEM_JSON, Unavailable, problem_body, problem_code
from shared.web.sessions import leave_session_alone

NOT_FOUND = 404
WORDED = frozenset({400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503})
BODY_HEADERS = frozenset({"content-type", "content-length"})


class DomainRefusal(HTTPException):
    """A rule of a service said no; `problem` is the rule's code and the key of the sentence shown."""

    def __init__(self, error: Exception, status: int) -> None:
        super().__init__()
        self.code = status
        # What is not there and what is not yours look the same, down to the last sign.
        self.problem = f"http_{NOT_FOUND}" if status == NOT_FOUND else str(getattr(error, "code", type(error).__name__))
        self.values_shown: Mapping[str, Any] = getattr(error, "values_shown", {})


def install(app: Flask, domain_errors: Mapping[type[Exception], int]) -> None:
    """Answer HTTP errors, outages and the service's own domain errors (class to status)."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(DatabaseUnavailable, _without_database)
    app.register_error_handler(ProviderUnavailable, lambda _: answer(Unavailable()))
    app.register_error_handler(OtherServiceUnavailable, lambda error: answer(Unavailable(error.retry_after)))
    for kind, status in domain_errors.items():
        app.register_error_handler(kind, lambda error, status=status: answer(DomainRefusal(error, status)))


def answer(error: HTTPException) -> Response:
    """Return the answer to one error, with the headers the error asks for (Allow, Retry-After, WWW-Authenticate)."""
    if isinstance(error, InternalServerError) and isinstance(error.original_exception, DatabaseUnavailable):
        return _without_database(error.original_exception)
    if isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    code = problem_code(error)
    response = _problem(error, code, status) if is_api() else _page(error, code, status)
    for name, value in _headers_of(error):
        response.headers[name] = value
    return response


def _without_database(error: Exception) -> Response:  # noqa: ARG001  Flask's signature
    leave_session_alone()
    g.principal = ANONYMOUS
    return answer(Unavailable())


def _problem(error: HTTPException, code: str, status: int) -> Response:
    title, text = _words(error, code, status)
    given = getattr(error, "data", None) or {}
    body = problem_body(
        code,
        status,
        title=title,
        detail=str(given.get("message") or text),
        correlation_id=correlation_id(),
        errors=given.get("errors") or given.get("messages"),
    )
    return Response(orjson.dumps(body), status=status, content_type=PROBLEM_JSON)


def _page(error: HTTPException, code: str, status: int) -> Response:
    title, text = _words(error, code, status)
    template = "web/error_part.html" if is_htmx() else "web/error.html"
    shown = {"title": title, "text": text, "login_url": g.get("login_url")}
    try:
        body = render_template(template, **shown)
    except (TemplateError, DatabaseUnavailable):
        # The frame of the page may need what has just failed; the plain page needs nothing.
        leave_session_alone()
        body = render_template("web/error_plain.html", **shown)
    return Response(body, status=status, content_type="text/html; charset=utf-8")


def _words(error: HTTPException, code: str, status: int) -> tuple[str, str]:
    if isinstance(error, DomainRefusal) and status != NOT_FOUND:
        return translate("web.error.refused.title"), translate(f"error.{code}", **error.values_shown)
    known = code
    if code.startswith("http_"):
        known = str(status) if status in WORDED else "other"
    return translate(f"web.error.{known}.title"), translate(f"web.error.{known}.text")


def _headers_of(error: HTTPException) -> list[tuple[str, str]]:
    headers = Headers(error.get_headers(request.environ))
    given = (getattr(error, "data", None) or {}).get("headers")
    headers.extend(given or {})
    return [(name, value) for name, value in headers if name.lower() not in BODY_HEADERS]
