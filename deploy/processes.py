"""Start child processes that never outlive this one, start again those that fail, and stop them in order."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from urllib.request import urlopen

_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 10.0
_START_SECONDS = 90.0
_SHORT_LIFE_SECONDS = 5.0
_LAST_LINES = 8
_HERE = "127.0.0.1"


ROOT = Path(__file__).resolve().parents[1]


class CannotStart(Exception):  # noqa: N818 - says what is
    """Why a command cannot run here."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder for one command; the kernel lets go of it however that ends."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(f"A suite already runs in {folder}.") from None
        yield


@dataclass
class Child:
    """One child process: what is run, and how it is asked to stop."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    user: str | None = None
    is_server: bool = False
    started_at: float = 0.0
    process: subprocess.Popen[bytes] = field(init=False, repr=False)

    def start(self) -> None:
        """Start it in its own process group, so that Ctrl-C reaches only this process."""
        with self.log.open("ab") if self.log else nullcontext() as output:
            self.process = subprocess.Popen(
                list(self.arguments),
                env=dict(self.environment),
                stdout=output,
                stderr=output,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
                preexec_fn=self._die_with_parent,  # noqa: PLW1509 - no threads run before the children are started
            )
        self.started_at = time.monotonic()

    def has_ended(self) -> bool:
        """Tell whether it runs no longer."""
        return self.process.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and all it has started."""
        if not self.has_ended():
            os.killpg(self.process.pid, number)

    def last_words(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log else []
        return "\n".join(lines[-_LAST_LINES:])

    def _die_with_parent(self) -> None:
        """Ask the kernel to end this process when its parent ends, however that happens."""
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, self.stop_signal)


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a program to its end, which is also ours; returns its exit code."""
    child = Child(arguments, environment)
    child.start()
    try:
        return child.process.wait()
    finally:
        child.signal(child.stop_signal)
        child.process.wait()


@dataclass
class Family:
    """The child processes of one command; `environment` is what they have in common."""

    environment: Mapping[str, str]
    children: list[Child] = field(default_factory=list)

    def start(
        self,
        arguments: Sequence[str],
        *,
        log: Path | None = None,
        more: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        user: str | None = None,
        is_server: bool = False,
    ) -> None:
        """Start one child; `log` takes what it says, `more` is its own environment; a server stops after the others."""
        child = Child(arguments, {**self.environment, **(more or {})}, log, stop_signal, user, is_server)
        child.start()
        self.children.append(child)

    def wait(self) -> int:
        """Keep the children running until a signal asks to stop; returns the exit code for this process."""
        stopping: list[int] = []

        def ask_to_stop(number: int, _frame: FrameType | None) -> None:
            stopping.append(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, ask_to_stop)
        while not stopping:
            for child in self.ended():
                sys.stderr.write(f"A process ended by itself: {' '.join(child.arguments)}\n")
                if time.monotonic() - child.started_at < _SHORT_LIFE_SECONDS:
                    return 1
                child.start()
            time.sleep(0.2)
        return 0

    def ended(self) -> list[Child]:
        """The children that run no longer."""
        return [child for child in self.children if child.has_ended()]

    def last_words(self) -> str:
        """What the children that ended have said at last."""
        return "\n".join(f"{' '.join(child.arguments)}\n{child.last_words()}" for child in self.ended())

    def stop(self) -> None:
        """Ask all children to stop, servers after the others, and end those that do not."""
        _stop([child for child in self.children if not child.is_server])
        _stop([child for child in self.children if child.is_server])


def _stop(children: Sequence[Child]) -> None:
    for child in reversed(children):
        child.signal(child.stop_signal)
    deadline = time.monotonic() + _GRACE_SECONDS
    for child in children:
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.signal(signal.SIGKILL)
            child.process.wait()


def for_modules(env: Mapping[str, str]) -> dict[str, str]:
    """The environment, and with it the suite's modules; compiled code is kept, but not among the sources."""
    kept = {name: value for name, value in env.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "compiled")}


def python(*arguments: str) -> list[str]:
    """The command that runs a Python module."""
    return [sys.executable, "-m", *arguments]


def gunicorn(application: str, port: int) -> list[str]:
    """The command of a web server."""
    return python("gunicorn", application, "--config", "python:deploy.gunicorn_settings", "--bind", f"{_HERE}:{port}")


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind((_HERE, 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    """Tell whether somebody listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex((_HERE, port)) == 0


def wait_for_port(port: int, *, is_wanted: bool = False) -> bool:
    """Wait until nobody (or, if asked for, somebody) listens on the port; tells whether it came to that."""
    deadline = time.monotonic() + (_START_SECONDS if is_wanted else _GRACE_SECONDS)
    while is_open(port) is not is_wanted:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def await_answers(addresses: Sequence[str], family: Family) -> bool:
    """Wait until every address answers 200; tells whether all did before a child ended or time was up."""
    deadline, left = time.monotonic() + _START_SECONDS, list(addresses)
    while left and time.monotonic() < deadline and not family.ended():
        left = [address for address in left if not _answers(address)]
        time.sleep(0.05)
    return not left


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:  # noqa: S310 - addresses of this machine
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False
