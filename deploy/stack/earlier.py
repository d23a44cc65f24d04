"""Servers that an earlier run of the same folder left behind: they are given time to end before new ones start."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_END_SECONDS = 90.0


def end_earlier(pid_file: Path, word: bytes, stop_signal: signal.Signals = signal.SIGTERM) -> None:
    """Ask the process that the file names to end, if its command has the word, and wait until it has."""
    pid, deadline = _pid(pid_file), time.monotonic() + _END_SECONDS
    if pid is None or not _is(pid, word):
        return
    with suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
    while _is(pid, word) and time.monotonic() < deadline:
        time.sleep(0.1)


def _pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text(encoding="utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is(pid: int, word: bytes) -> bool:
    """Tell whether the process runs and is the one looked for; numbers of processes are used again."""
    try:
        return word in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
