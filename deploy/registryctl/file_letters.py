"""The dead letters of a service on the embedded bus."""

from __future__ import annotations

from typing import Self

import orjson

from deploy.registryctl.letters import Letter, read_letter
from shared.bus.publisher import publish_copy
from shared.bus.sqlite_file import BusFile
from shared.bus.topology import connect, declare

_DEAD = "SELECT id, body FROM message WHERE queue = ? ORDER BY id"
_REMOVE = "DELETE FROM message WHERE id = ?"


class FileLetters:
    """Letters are rows of the bus's file."""

    def __init__(self, url: str, service: str) -> None:
        self._url, self._service = url, service

    def __enter__(self) -> Self:
        """Open the file."""
        self._connection = connect(self._url)
        declare(self._connection)
        self._channel = self._connection.channel()
        self._file = BusFile(self._connection.virtual_host)
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self._file.close()
        self._connection.release()

    def read(self) -> list[Letter]:
        """Every letter, oldest first."""
        return [_letter(place, row) for place, row in self._file.db.execute(_DEAD, (f"{self._service}.dead",))]

    def deliver(self, body: str, event_id: str) -> None:
        """Publish to the inbox; it is on the disk afterwards."""
        publish_copy(self._channel, f"{self._service}.inbox", body, {}, event_id)

    def remove(self, letter: Letter) -> None:
        """Delete its row."""
        with self._file.transaction() as db:
            db.execute(_REMOVE, (letter.place,))


def _letter(place: int, row: str) -> Letter:
    message = orjson.loads(row)
    return read_letter(place, message["body"], message["headers"], message["properties"].get("message_id"))
