"""Consumers of the embedded bus wait at pipes; who has put messages into its file rings all of them."""

import errno
import os
import select
import uuid
from contextlib import suppress
from pathlib import Path

_MANY = 4096


class Ear:
    """One consumer's pipe. It is seen by others only when it can be rung."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        name = uuid.uuid4().hex
        hidden = folder / f".{name}"
        os.mkfifo(hidden, 0o600)
        self._handle = os.open(hidden, os.O_RDWR | os.O_NONBLOCK)
        self._path = hidden.rename(folder / name)

    def wait(self, seconds: float) -> None:
        """Return at the next ring, at the latest after so many seconds."""
        if select.select([self._handle], [], [], seconds)[0]:
            os.read(self._handle, _MANY)

    def close(self) -> None:
        """Hear no more."""
        self._path.unlink(missing_ok=True)
        os.close(self._handle)


def ring_all(folder: Path) -> None:
    """Wake everybody who waits."""
    if folder.is_dir():
        for pipe in folder.iterdir():
            if not pipe.name.startswith("."):
                _ring(pipe)


def _ring(pipe: Path) -> None:
    try:
        handle = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno == errno.ENXIO:  # nobody holds it: it is one of a dead process
            pipe.unlink(missing_ok=True)
        return
    with suppress(BlockingIOError):  # it is full of rings that were not heard yet
        os.write(handle, b"\0")
    os.close(handle)
