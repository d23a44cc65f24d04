"""How a commit in a web process wakes the service's worker; what is not heard, the worker's sweep finds."""

import os
import select as waiting
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import psycopg
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from shared.db.database import Database
from shared.db.errors import DatabaseUnavailable

_CHANNEL = "bell"
_RING = select(func.pg_notify(_CHANNEL, "").label("rung"))
_LOOK_SECONDS = 0.5
_BREATH_SECONDS = 0.01
_MANY = 4096


class Bell(Protocol):
    """Rung by who commits, heard by the worker of the same service."""

    def ring(self) -> None:
        """Wake the worker, without waiting for it and without failing."""
        ...

    def listen(self, stop: threading.Event, wake: Callable[[], None]) -> None:
        """Call `wake` whenever it is rung, until told to stop."""
        ...


def make_bell(database: Database) -> Bell:
    """The bell of a service's database."""
    if not database.is_sqlite:
        return ServerBell(database)
    name = database.engine.url.database
    return Silence() if name in {None, "", ":memory:"} else FileBell(Path(f"{name}.bell"))


class Silence:
    """A database in memory has no other process."""

    def ring(self) -> None:
        """Nobody is there."""

    def listen(self, stop: threading.Event, wake: Callable[[], None]) -> None:
        """Nobody rings."""
        _ = wake
        stop.wait()


class FileBell:
    """A pipe beside the database's file; a byte in it is a ring."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def ring(self) -> None:
        """Does nothing while no worker runs."""
        with suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK)
            try:
                os.write(handle, b"\0")
            finally:
                os.close(handle)

    def listen(self, stop: threading.Event, wake: Callable[[], None]) -> None:
        """Rings that come together are heard as one."""
        with suppress(FileExistsError):
            os.mkfifo(self._path, 0o600)
        handle = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)
        try:
            wake()  # for what was rung before
            while not stop.is_set():
                if waiting.select([handle], [], [], _LOOK_SECONDS)[0]:
                    os.read(handle, _MANY)
                    wake()
        finally:
            os.close(handle)


class ServerBell:
    """A notification of PostgreSQL. It is sent by a thread of its own, after the commit and at most every ten
    milliseconds: sent inside the transactions it would have them commit one after another.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._guard = threading.Lock()
        self._ringer: _Ringer | None = None
        database.on_dispose(self._end)

    def ring(self) -> None:
        """Have the thread ring; a process that was forked starts its own."""
        with self._guard:
            if self._ringer is None or not self._ringer.is_alive():
                self._ringer = _Ringer(self._database)
                self._ringer.start()
            self._ringer.asked.set()

    def listen(self, stop: threading.Event, wake: Callable[[], None]) -> None:
        """Raises DatabaseUnavailable when the connection is lost."""
        try:
            with self._database.engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                connection.detach()
                driver.autocommit = True
                driver.execute(f"LISTEN {_CHANNEL}")
                wake()  # for what was rung before
                while not stop.is_set():
                    for _ in driver.notifies(timeout=_LOOK_SECONDS, stop_after=1):
                        wake()
        except (DBAPIError, psycopg.Error) as error:
            raise DatabaseUnavailable(type(error).__name__) from error

    def _end(self) -> None:
        with self._guard:
            ringer, self._ringer = self._ringer, None
        if ringer is not None:
            ringer.end()


class _Ringer(threading.Thread):
    """Rings as often as it was asked to, or a little less often."""

    def __init__(self, database: Database) -> None:
        super().__init__(name="bell", daemon=True)
        self._database = database
        self._is_ended = False
        self.asked = threading.Event()

    def run(self) -> None:
        """Until `end`."""
        while self.asked.wait():
            self.asked.clear()
            if self._is_ended:
                return
            with suppress(DatabaseUnavailable):
                self._database.read_one(_RING, {})
            time.sleep(_BREATH_SECONDS)

    def end(self) -> None:
        """Let it finish, so that it leaves no connection behind."""
        self._is_ended = True
        self.asked.set()
        self.join(_LOOK_SECONDS)
