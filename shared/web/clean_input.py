"""Input that no field can mean: NUL signs, broken Unicode and bottomless JSON are refused before they are read."""

from __future__ import annotations

import orjson
from flask import Flask, request
from werkzeug.exceptions import BadRequest, NotFound

NUL, ESCAPED_NUL = "\0", b"\\u0000"
DEEPEST = 100


def install(app: Flask) -> None:
    """Check every request that was let in; PostgreSQL takes no NUL sign, and parsers may fall over the rest."""
    app.before_request(refuse_unclean)


def refuse_unclean() -> None:
    """Raise 404 for a NUL sign in the path and 400 for one in the input, or for JSON that is not sound."""
    if NUL in request.path:
        raise NotFound
    if any(NUL in value for value in request.args.values()):
        raise BadRequest
    if request.is_json:
        _check_json(request.get_data())
    elif any(NUL in value for value in request.form.values()):
        raise BadRequest


def _check_json(body: bytes) -> None:
    if not body:
        return
    if ESCAPED_NUL in body:
        raise BadRequest
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest from error
    if _is_deep(found):
        raise BadRequest


def _is_deep(found: object) -> bool:
    level, depth = [found], 0
    while level:
        depth += 1
        level = [inner for item in level for inner in _within(item)]
        if depth > DEEPEST:
            return True
    return False


def _within(item: object) -> list[object]:
    if isinstance(item, dict):
        return list(item.values())
    return item if isinstance(item, list) else []
