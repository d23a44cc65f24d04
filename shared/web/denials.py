"""Denied tries are in the access log too: who wanted what, and that it was not given."""

from __future__ import annotations

import contextlib
import re

from flask import Flask, Response, g, request

from shared.audit.log import append
from shared.auth.principal import ANONYMOUS
from shared.db.errors import DatabaseUnavailable
from shared.outbox.tables import KitTables
from shared.web.access import access_entry
from shared.web.context import current_kit, current_line

ACTION, REASON = "denied", "refused"
DENIED = frozenset({403, 404})
LARGEST_ID = 2**31
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def install(app: Flask, tables: KitTables) -> None:
    """Note whatever somebody who is logged in asks for in vain."""

    @app.after_request
    def note(response: Response) -> Response:
        if response.status_code in DENIED and _is_denial():
            # The answer shows nothing of anybody, so that it may go out when the log is away.
            with contextlib.suppress(DatabaseUnavailable):
                _write(tables)
        return response


def _is_denial() -> bool:
    line = current_line()
    is_asked_to_log_in_anew = "login_url" in g
    signed_in = g.get("principal", ANONYMOUS).is_signed_in
    return line is not None and not line.is_open and signed_in and not is_asked_to_log_in_anew


def _write(tables: KitTables) -> None:
    kit, ids = current_kit(), _ids()
    pid = ids.get("pid")
    what = "/".join([str(request.endpoint).rpartition(".")[2], *(f"{name}:{value}" for name, value in ids.items())])
    entry = access_entry(pid=pid if isinstance(pid, int) else None, action=ACTION, object_=what, reason=REASON)
    with kit.database.transaction() as session:
        append(session, tables.audit, kit.clock.now(), [entry])


def _ids() -> dict[str, int | str]:
    """What the address names, as far as it can be an id: a number typed into it by mistake must not be kept."""
    given = (request.view_args or {}).items()
    return {name: value for name, value in given if _is_id(value)}


def _is_id(value: object) -> bool:
    return value < LARGEST_ID if isinstance(value, int) else isinstance(value, str) and bool(_ID.fullmatch(value))
