"""Start child processes that never outlive this one, and stop them in order."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

_PR_SET_PDEATHSIG = 1
_GRACE_SECONDS = 10.0


def _die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Family:
    """The child processes of one command."""

    environment: Mapping[str, str]
    children: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        """Start one child in its own process group, so that Ctrl-C reaches only this process."""
        child = subprocess.Popen(
            list(arguments),
            env=dict(self.environment),
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - no threads run before the children are started
        )
        self.children.append(child)
        return child

    def wait(self) -> int:
        """Wait until a child ends or a signal asks to stop; returns the exit code for this process."""
        stopping: list[int] = []

        def ask_to_stop(number: int, _frame: FrameType | None) -> None:
            stopping.append(number)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, ask_to_stop)
        while not stopping:
            ended = [child for child in self.children if child.poll() is not None]
            if ended:
                sys.stderr.write(f"A process ended by itself: {ended[0].args!r}\n")
                return 1
            time.sleep(0.2)
        return 0

    def stop(self) -> None:
        """Ask all children to stop, last started first, and end those that do not."""
        for child in reversed(self.children):
            _signal(child, signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in self.children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(child, signal.SIGKILL)
                child.wait()


def _signal(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if child.poll() is None:
        os.killpg(child.pid, number)
