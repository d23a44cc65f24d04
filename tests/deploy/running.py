"""A whole suite running for a test, as somebody would start it, and a look at what it leaves behind."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psutil

from deploy.processes import is_open

ROOT = Path(__file__).resolve().parents[2]
READY, START_SECONDS = "is ready", 120
PORTS = 20
_TAKEN = set()


def free_ports():
    """The first of some ports in a row that nobody uses, below those that the kernel hands out.

    They are this process's own until it ends: another run that looks for ports meanwhile finds them taken.
    """
    for first in random.SystemRandom().sample(range(21_000, 31_000, PORTS), 10_000 // PORTS):
        if _is_ours(first) and not any(is_open(port) for port in range(first, first + PORTS)):
            return first
    raise AssertionError("no free ports")


def _is_ours(first):
    """Take the ports; the system gives them back when this process ends."""
    try:
        fcntl.lockf(_locks(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, first)
    except (BlockingIOError, PermissionError):
        return False
    is_new = first not in _TAKEN
    _TAKEN.add(first)
    return is_new


@cache
def _locks():
    return os.open(Path(tempfile.gettempdir()) / "suite-ports", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o666)


@contextmanager
def own_folder():
    """A folder for servers of other users; pytest's own is shut to them whenever another run begins."""
    folder = Path(tempfile.mkdtemp(prefix="suite-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Running:
    """One command that runs everything; `folder` is where it keeps its data."""

    def __init__(self, folder, module="deploy.embedded", port=None):
        self.folder, self.port, self.seconds = folder, port or free_ports(), 0.0
        self.command = [sys.executable, "-m", module, "--port", str(self.port), "--folder", str(folder)]
        self.url = f"http://localhost:{self.port}"
        self.process, self.said = None, []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.end()

    def launch(self):
        """Start it without waiting."""
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            self.command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.said = []

    def start(self, until=READY):
        """Start it and wait for a line, that which says it is ready unless told otherwise."""
        began = time.monotonic()
        self.launch()
        for line in self.process.stdout:
            self.said.append(line)
            if until in line:
                self.seconds = time.monotonic() - began
                return
        self.process.stdout.close()
        raise AssertionError(f"it ended with {self.process.wait()}:\n{''.join(self.said)}")

    def end(self, number=signal.SIGINT):
        """Ask it to stop and wait; returns the exit code."""
        self.process.send_signal(number)
        self.said += list(self.process.stdout)
        code = self.process.wait(60)
        self.process.stdout.close()
        return code

    def left(self, seconds=15):
        """What still runs of it after a while; the folder is named by each process's command or environment."""
        deadline = time.monotonic() + seconds
        while (found := self._processes()) and time.monotonic() < deadline:
            time.sleep(0.2)
        return found

    def processes(self):
        """Everything that runs of it, the command itself apart."""
        return [process for process in self._processes() if process.pid != self.process.pid]

    def _processes(self):
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process):
        try:
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
                return False
            return any(str(self.folder) in text for text in [*process.cmdline(), *process.environ().values()])
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False
