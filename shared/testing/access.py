"""Finds answers that show a person without an entry in the access log: by reading the answers, not a list of routes."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from sqlalchemy import Table, select
from werkzeug.test import TestResponse

from shared.db.database import Database


class UnloggedAccessError(AssertionError):
    """An answer shows persons whose access log has no entry for that request."""


class AccessLogOracle:
    """Knows the identifiers of seeded persons by PID; `log` is the service's access log table."""

    def __init__(self, database: Database, log: Table, persons: Mapping[int, Sequence[str]]) -> None:
        self._database = database
        self._log = log
        self._signs = {pid: [sign for word in words for sign in _spellings(word)] for pid, words in persons.items()}

    def shown(self, text: str) -> set[int]:
        """Return the PIDs of the persons whose identifiers stand in a text."""
        return {pid for pid, signs in self._signs.items() if any(sign in text for sign in signs)}

    def check(self, response: TestResponse) -> set[int]:
        """Return the PIDs that an answer shows; raises UnloggedAccessError if one of them is not in the log."""
        seen = self.shown(response.get_data(as_text=True))
        missing = seen - self._logged(response.headers.get("X-Correlation-Id", ""))
        if missing:
            raise UnloggedAccessError(f"{response.request.path} shows {sorted(missing)} without an entry")
        return seen

    def _logged(self, correlation_id: str) -> set[int]:
        mine = self._log.c.correlation_id == correlation_id
        with self._database.reading() as session:
            return {pid for pid in session.scalars(select(self._log.c.pid).where(mine)) if pid is not None}


def _spellings(word: str) -> set[str]:
    return {word, html.escape(word), html.escape(word).replace("&#x27;", "&#39;"), json.dumps(word)[1:-1], quote(word)}
