"""What is printed when everything runs: addresses and log-ins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deploy.demo.users import PASSWORD, USERS


def greeting(url: str, services: Mapping[str, str], folder: Path) -> str:
    """The text for the terminal; `services` are their addresses."""
    lines = ["", f"SmerteReg is ready: {url}", ""]
    lines += [f"  {name:<13} {address}/" for name, address in services.items()]
    lines += [f"  {name:<13} {url}/standins/{name}" for name in ("inbox", "people", "clock", "faults")]
    lines += ["", f"Log-ins (password {PASSWORD}; the code comes by SMS, see inbox):", ""]
    lines += [f"  {user.user_name:<18} {user.role:<13} {user.hospital or 'whole registry'}" for user in USERS]
    lines += ["", f"Data and logs: {folder}. Ctrl-C stops everything.", ""]
    return "\n".join(lines)
