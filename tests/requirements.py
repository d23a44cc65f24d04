"""`make requirements`: for every requirement id the tests that prove it and their last result."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.requirements_plugin import RESULTS

ROOT = Path(__file__).resolve().parents[1]
LINE = re.compile(r"^\|\s*([A-Z]{3}-\d{2})\s*\|\s*(.+?)\s*\|", re.MULTILINE)


def requirement_titles() -> dict[str, str]:
    """Every id of docs/requirements.md with its text."""
    return dict(LINE.findall((ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")))


def tests_by_requirement() -> dict[str, list[str]]:
    """Ids named by the tests that exist now."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "tests.requirement_listing", "tests"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    found: dict[str, list[str]] = defaultdict(list)
    for line in printed.splitlines():
        if line.startswith("req "):
            _, name, nodeid = line.split(" ", 2)
            found[name].append(nodeid)
    return dict(found)


def main() -> int:
    titles, proofs = requirement_titles(), tests_by_requirement()
    path = ROOT / RESULTS
    results = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    proven = 0
    for name, title in titles.items():
        tests = proofs.get(name, [])
        outcomes = {results.get(nodeid, {}).get("outcome", "not run") for nodeid in tests}
        word = "proven" if outcomes == {"passed"} else ", ".join(sorted(outcomes)) if tests else "no test"
        proven += word == "proven"
        sys.stdout.write(f"{name}  {word:<10} {len(tests):>3} tests  {title[:90]}\n")
    unknown = sorted(set(proofs) - set(titles))
    sys.stdout.write(f"\n{proven} of {len(titles)} requirements have only passing tests.\n")
    if unknown:
        sys.stdout.write(f"Tests name ids that do not exist: {', '.join(unknown)}\n")
    return 1 if unknown else 0


if __name__ == "__main__":
    raise SystemExit(main())
