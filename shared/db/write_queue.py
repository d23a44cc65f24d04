"""One writer at a time for an SQLite file, in the order they came: SQLite's own waiting is unfair and slow."""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.db.errors import DatabaseUnavailable

_WAIT_SECONDS = 30.0


class _Queue:
    """The threads of this process, first come first served."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_busy = False

    def enter(self) -> None:
        with self._guard:
            if not self._is_busy:
                self._is_busy = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if not turn.acquire(timeout=_WAIT_SECONDS) and self._gave_up(turn):
            raise DatabaseUnavailable("another transaction does not end")

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_busy = False

    def _gave_up(self, turn: threading.Lock) -> bool:
        with self._guard:
            if turn not in self._waiting:
                return False  # the turn came in this very moment
            self._waiting.remove(turn)
            return True


class _Queues:
    """The queues of this process by file, and the files it holds."""

    def __init__(self) -> None:
        self.by_file: dict[str, _Queue] = {}
        self.handles: set[int] = set()
        self.guard = threading.Lock()

    def of(self, file: str) -> _Queue:
        with self.guard:
            return self.by_file.setdefault(file, _Queue())


_queues = _Queues()


def _forget_parents_turns() -> None:
    """A forked child holds none of its parent's turns, and must not keep their files locked when the parent dies."""
    global _queues
    inherited, _queues = _queues.handles, _Queues()
    for handle in inherited:
        os.close(handle)


os.register_at_fork(after_in_child=_forget_parents_turns)


@contextmanager
def write_turn(database: Path) -> Iterator[None]:
    """Hold the right to write to this file, among threads and processes; the kernel frees it if we die."""
    queues, file = _queues, f"{database}.lock"
    queue = queues.of(file)
    queue.enter()
    try:
        handle = _locked(file, queues)
        try:
            yield
        finally:
            queues.handles.discard(handle)
            fcntl.flock(handle, fcntl.LOCK_UN)  # not only closed: a child may have inherited the handle
            os.close(handle)
    finally:
        queue.leave()


def _locked(file: str, queues: _Queues) -> int:
    try:
        handle = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    queues.handles.add(handle)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle
