"""What is printed when everything runs: addresses and log-ins."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deploy.demo.users import PASSWORD, USERS, DemoUser


def greeting(url: str, services: Mapping[str, str], folder: Path) -> str:
    """The text for the terminal; `services` are their addresses."""
    lines = ["", f"SmerteReg is ready: {url}", ""]
    lines += [f"  {name:<13} {address}/" for name, address in services.items()]
    lines += [f"  {name:<13} {url}/standins/{name}" for name in ("inbox", "people", "clock", "faults")]
    lines += ["", f"Log-ins (password {PASSWORD}; the code comes by SMS, see inbox):", ""]
    lines += [_log_in(user) for user in USERS]
    lines += ["", f"Data and logs: {folder}. Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def _log_in(user: DemoUser) -> str:
    registries, place = " and ".join(user.registries), user.hospital or "whole registry"
    return f"  {user.user_name:<21} {user.role:<13} {registries:<22} {place}"
