"""A RabbitMQ of the tests' own: free ports, own folder, gone at the end."""

import os
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from shared.testing.postgresql import free_port

_START_SECONDS = 90.0
_FOLDERS = ("/usr/lib/rabbitmq/bin", "/usr/sbin", "/usr/local/sbin")


def program(name: str) -> str | None:
    """The path of one of RabbitMQ's programs, or None."""
    # The script below /usr/lib runs as whoever starts it; the one on PATH changes to the server's own user.
    for folder in _FOLDERS:
        if os.access(f"{folder}/{name}", os.X_OK):
            return f"{folder}/{name}"
    return shutil.which(name)


@dataclass
class RabbitServer:
    """One broker. `url` is its address; it is started, killed and started again with the same data."""

    folder: Path
    port: int = field(default_factory=free_port)
    _epmd: int = field(default_factory=free_port)
    _distribution: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address services are given."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Start and wait until it takes connections."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [str(program("rabbitmq-server"))],
                env=self._environment(),
                stdout=output,
                stderr=output,
                cwd=self.folder,
                start_new_session=True,
            )
        self._wait()

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """End it and the port mapper it has started."""
        self.kill()
        subprocess.run(["pkill", "-f", f"epmd.*{self._epmd}"], check=False, capture_output=True)
        epmd = shutil.which("epmd") or "epmd"
        subprocess.run([epmd, "-kill"], env=self._environment(), check=False, capture_output=True)

    def _environment(self) -> dict[str, str]:
        own = {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"test{self.port}@localhost",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "ERL_EPMD_PORT": str(self._epmd),
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
            with socket.socket() as probe:
                probe.settimeout(1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.2)
        raise TimeoutError((self.folder / "output").read_text(errors="replace")[-2000:])
