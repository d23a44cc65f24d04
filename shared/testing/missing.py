"""What a test does when a server program is not on the machine."""

import os

import pytest


def fail_or_skip(name: str) -> None:
    """Fail with a plain sentence, unless ALLOW_MISSING names the program."""
    sentence = f"{name} is not installed on this machine, so this test could not run."
    if name in os.environ.get("ALLOW_MISSING", "").split(","):
        pytest.skip(sentence)
    pytest.fail(f"{sentence} Install it, or set ALLOW_MISSING={name} to go on without.")
