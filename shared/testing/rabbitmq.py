"""A RabbitMQ of the tests' own: free ports, own folder, gone at the end."""

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

_START_SECONDS = 90.0
_FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin")
# Below the ports that the kernel hands out, so that nobody has taken ours while the broker is down.
_FIRST_PORT, _LAST_PORT = 21_000, 31_999


def program(name: str) -> str | None:
    """The path of one of RabbitMQ's programs, or None."""
    # The script below /usr/lib runs as whoever starts it; the one on PATH changes to the server's own user.
    for folder in _FOLDERS:
        if os.access(f"{folder}/{name}", os.X_OK):
            return f"{folder}/{name}"
    return shutil.which(name)


def _quiet_port() -> int:
    chance = random.SystemRandom()
    while True:
        port = chance.randint(_FIRST_PORT, _LAST_PORT)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


@dataclass
class RabbitServer:
    """One broker. `url` is its address; it is started, killed and started again with the same data."""

    folder: Path
    port: int = field(default_factory=_quiet_port)
    _epmd_port: int = field(default_factory=_quiet_port)
    _distribution_port: int = field(default_factory=_quiet_port)
    _process: subprocess.Popen[bytes] | None = None
    _epmd: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address services are given."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start and wait until it takes connections."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._epmd is None:  # else the broker would start one of its own, which outlives it
            self._epmd = self._spawn("epmd", "-address", "127.0.0.1", "-port", str(self._epmd_port))
        self._process = self._spawn("rabbitmq-server")
        self._wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            while self._is_open():  # what was waited for is the first of its processes
                time.sleep(0.01)

    def restart(self) -> None:
        """Kill it and start it again with the same data."""
        self.kill()
        self.start()

    def stop(self) -> None:
        """End it and its port mapper."""
        self.kill()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
            self._epmd = None

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl against this broker and return what it printed."""
        command = [str(program("rabbitmqctl")), *arguments]
        done = subprocess.run(
            command, env=self._environment(), check=True, capture_output=True, text=True, cwd=self.folder
        )
        return done.stdout

    def _spawn(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "output").open("ab") as output:
            return subprocess.Popen(
                [str(program(name)), *arguments],
                env=self._environment(),
                stdout=output,
                stderr=output,
                cwd=self.folder,
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        own = {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"test{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "ERL_EPMD_PORT": str(self._epmd_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_PID_FILE": str(self.folder / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "none"),
            "RABBITMQ_CONF_ENV_FILE": str(self.folder / "none"),
        }
        return {**os.environ, **own}

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._is_open():
                return
            time.sleep(0.2)
        raise TimeoutError((self.folder / "output").read_text(errors="replace")[-2000:])

    def _is_open(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
