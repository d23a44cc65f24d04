"""What the stand-ins were asked, for tests and for the person at the screen; bodies are not kept."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, Response, g, request

from deploy.standins.parts import parts
from deploy.standins.store import StandinStore

STANDINS = (
    "maskinporten",
    "helseid",
    "population",
    "krr",
    "helsenorge",
    "digipost",
    "sms",
    "idporten",
    "archive",
    "national",
    "smtp",
)
_NUMBER = re.compile(r"\d{11}")


def asked_standin() -> str | None:
    """Return which stand-in this request is for; None for the pages and static files."""
    first = request.path.lstrip("/").split("/", 1)[0]
    return first if first in STANDINS else None


def install(app: Flask) -> None:
    """Keep a line for each request to a stand-in."""

    @app.after_request
    def keep(response: Response) -> Response:
        standin = asked_standin()
        if standin is not None:
            path = _NUMBER.sub("<number>", request.path)
            line = (standin, request.method, path, response.status_code, g.get("client"), g.get("reason"))
            write_line(parts().store, parts().clock.now().isoformat(), line)
        return response


def write_line(store: StandinStore, at: str, line: tuple[str, str, str, int, str | None, str | None]) -> None:
    """Write one line: stand-in, method, path, status, client, reason."""
    with store.transaction() as transaction:
        transaction.run(
            "INSERT INTO request (standin, method, path, status, client, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            *line,
            at,
        )


def newest_requests(standin: str, limit: int = 500) -> list[dict[str, Any]]:
    """Return the lines, newest first; an empty name matches all stand-ins."""
    with parts().store.reading() as transaction:
        rows = transaction.all(
            "SELECT * FROM request WHERE (? = '' OR standin = ?) ORDER BY id DESC LIMIT ?", standin, standin, limit
        )
    return [dict(row) for row in rows]
