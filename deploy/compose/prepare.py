"""`python -m deploy.compose.prepare`: tables, key files and, if wanted, demo data; may run again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded.environment import SERVICES
from deploy.embedded.prepare import upgrade
from deploy.embedded.suite import make_keys
from deploy.standins.client_keys import ensure_client_keys

_LOADED = "demo_loaded"


def prepare(env: Mapping[str, str]) -> None:
    """Make what is missing."""
    # Key files are made by a profile that may; the services themselves only read them.
    own = {**env, "PROFILE": "embedded"}
    keys = Path(env["KEYS_DIR"])
    ensure_client_keys(keys)
    upgrade(own)
    make_keys(SERVICES, own)
    if env.get("DEMO_DATA") == "1" and not (keys / _LOADED).exists():
        from deploy.demo.load import load_demo

        load_demo(own)
        (keys / _LOADED).touch()


if __name__ == "__main__":
    prepare(os.environ)
