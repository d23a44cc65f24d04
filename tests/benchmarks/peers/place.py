"""Where the peers live: each set of packages in an environment of its own, made when it is first asked for."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
PLACE = HERE.parents[2] / "var" / "peers"
INSTALL_SECONDS = 600


class CannotInstall(Exception):  # noqa: N818 - says what happened
    """The packages of these peers are not to be had here."""


def interpreter(name):
    """The Python that has the packages of `<name>.lock`."""
    lock, folder = HERE / f"{name}.lock", PLACE / name
    stamp, python = folder / "lock", folder / "bin" / "python"
    wanted = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        venv.create(folder, clear=True, with_pip=True)
        _install(python, lock)
        stamp.write_text(wanted)
    return str(python)


def _install(python, lock):
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise CannotInstall("installing takes too long") from error
    if done.returncode:
        raise CannotInstall(f"installing {lock.stem} failed with {done.returncode}")
