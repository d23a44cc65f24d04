"""One writer at a time for an SQLite file, in the order they came: SQLite's own waiting is unfair and slow."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_locks: dict[str, threading.Lock] = {}
_guard = threading.Lock()


def _thread_lock(path: str) -> threading.Lock:
    with _guard:
        return _locks.setdefault(path, threading.Lock())


@contextmanager
def write_turn(database: Path) -> Iterator[None]:
    """Hold the right to write to this file, among threads and processes; the kernel frees it if we die."""
    lock_file = f"{database}.lock"
    with _thread_lock(lock_file):
        handle = os.open(lock_file, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
