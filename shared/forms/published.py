"""What has been published never changes: checksums of versions, and codes that lists may not lose."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from shared.forms.reading import Flaws

FILE = "published.json"


def checksum(file: Path) -> str:
    """SHA-256 of a file, whatever its line ends."""
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def codes(file: Path) -> list[str]:
    """The codes of a list."""
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return sorted(row["code"] for row in csv.DictReader(opened, delimiter=";"))


def codings(folder: Path) -> dict[str, list[str]]:
    """The codes of each code system, of all its versions."""
    systems = sorted(path for path in folder.glob("codings/*") if path.is_dir())
    return {path.name: sorted({code for file in path.glob("*.csv") for code in codes(file)}) for path in systems}


def check_published(folder: Path, flaws: Flaws) -> None:
    """Note every published version that changed or is gone, and every code that a list lost."""
    file = folder / FILE
    if not file.exists():
        return
    known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for name, digest in known["files"].items():
        published = folder / name
        if not published.exists():
            flaws.add(published, "", "was published and is gone")
        elif checksum(published) != digest:
            flaws.add(published, "", "was published and has changed; make a new version")
    lists = {name: folder / "codelists" / f"{name}.csv" for name in known["codes"]}
    now = {name: codes(file) for name, file in lists.items() if file.exists()}
    for name, before in known["codes"].items():
        _check_codes(lists[name], before, now.get(name, []), flaws)
    now = codings(folder)
    for name, before in known.get("codings", {}).items():
        _check_codes(folder / "codings" / name, before, now.get(name, []), flaws)


def _check_codes(file: Path, before: list[str], now: list[str], flaws: Flaws) -> None:
    if lost := sorted(set(before) - set(now)):
        flaws.add(file, "code", f"has lost published codes ({', '.join(lost)}); use valid_to")


def publish(folder: Path) -> None:
    """Write down the checksums and codes of everything there is; what was published before must be unchanged."""
    flaws = Flaws(folder)
    check_published(folder, flaws)
    flaws.stop()
    versions = [*folder.glob("forms/*/v*.yaml"), *folder.glob("opioids/v*.csv")]
    body = {
        "files": {file.relative_to(folder).as_posix(): checksum(file) for file in sorted(versions)},
        "codes": {file.stem: codes(file) for file in sorted(folder.glob("codelists/*.csv"))},
        "codings": codings(folder),
    }
    (folder / FILE).write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    publish(Path(sys.argv[1]))
