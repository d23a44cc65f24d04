"""Fetches what pages need and is not ours: `python -m shared.ui.assets`. Quick when everything is there already."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
VENDOR = HERE / "static" / "vendor"
GIVEN = ("package.json", "package-lock.json", "theme.json", ".npmrc")
# Where each file lies in its package, and its name here.
FILES = {
    "@digdir/designsystemet-css/dist/src/index.css": "designsystemet.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@fontsource/inter/files/inter-latin-400-normal.woff2": "inter-400.woff2",
    "@fontsource/inter/files/inter-latin-500-normal.woff2": "inter-500.woff2",
    "@fontsource/inter/files/inter-latin-600-normal.woff2": "inter-600.woff2",
}
THEME = "theme.css"


def digest(file: Path) -> str:
    """SHA-384 of a file, as browsers write it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(file.read_bytes()).digest()).decode()}"


def asked_for() -> str:
    """A mark of what the committed files ask for; when it changes, everything is fetched anew."""
    whole = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in GIVEN))
    return whole.hexdigest()


def is_up_to_date(folder: Path = VENDOR) -> bool:
    """Whether the folder holds what is asked for, unchanged."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return False
    known = json.loads(manifest.read_text(encoding="utf-8"))
    return known["asked_for"] == asked_for() and all(
        (folder / name).is_file() and digest(folder / name) == expected for name, expected in known["files"].items()
    )


def fetch(folder: Path = VENDOR) -> None:
    """Install the packages of the lock in a folder of its own, build the theme, keep the few files that pages use."""
    with tempfile.TemporaryDirectory() as work:
        for name in GIVEN:
            shutil.copy(HERE / name, work)
        _run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], work)
        modules = Path(work, "node_modules")
        tool = [_node(), str(modules / "@digdir/designsystemet/dist/bin/designsystemet.js")]
        _run([*tool, "tokens", "create", "--config", "theme.json"], work)
        _run([*tool, "tokens", "build", "--tokens", "tokens", "--out-dir", "theme"], work)
        folder.mkdir(parents=True, exist_ok=True)
        for source, name in FILES.items():
            shutil.copy(modules / source, folder / name)
        shutil.copy(Path(work, "theme", "register.css"), folder / THEME)
    files = {name: digest(folder / name) for name in [*FILES.values(), THEME]}
    body = {"asked_for": asked_for(), "files": files}
    (folder / "manifest.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


def npm() -> list[str]:
    """Find npm on this machine, else that of the environment's own Node."""
    found = shutil.which("npm", path=_path())
    if found is None:
        raise SystemExit("npm is needed for the styles and fonts of the pages: install Node, or `make test` once.")
    return [found]


def _node() -> str:
    return shutil.which("node", path=_path()) or "node"


def _path() -> str:
    """The search path with this environment's own programs last."""
    return os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])


def _run(command: Sequence[str], folder: str) -> None:
    done = subprocess.run(
        list(command), cwd=folder, env={**os.environ, "PATH": _path()}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


if __name__ == "__main__":
    if not is_up_to_date():
        sys.stdout.write("Fetching styles, fonts and scripts of the pages.\n")
        fetch()
