"""How a stand-in says no: a status, a code that a program can read and a reason that a person can."""

from __future__ import annotations

from collections.abc import Mapping

from flask import g, jsonify
from flask.typing import ResponseReturnValue


class Refused(Exception):  # noqa: N818 - it says what happened
    """The request is not as the real service wants it."""

    def __init__(self, status: int, code: str, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.reason = reason
        self.headers = dict(headers or {})


def remember_refusal(refused: Refused) -> None:
    """Let the request log know why."""
    g.reason = f"{refused.code}: {refused.reason}"


def as_problem(refused: Refused) -> ResponseReturnValue:
    """Answer with problem details; for interfaces that have no error body of their own."""
    remember_refusal(refused)
    answer = jsonify(type="about:blank", title=refused.reason, status=refused.status, code=refused.code)
    answer.content_type = "application/problem+json"
    return answer, refused.status, refused.headers


def as_oauth(refused: Refused) -> ResponseReturnValue:
    """Answer as RFC 6749 section 5.2 says."""
    remember_refusal(refused)
    body = {"error": refused.code, "error_description": refused.reason}
    return jsonify(body), refused.status, {"Cache-Control": "no-store", **refused.headers}
