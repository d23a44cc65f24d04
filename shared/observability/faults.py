"""Named points where a test may let the process die, as a power cut would."""

import os
from collections import Counter

_hits: Counter[str] = Counter()
_EXIT_CODE = 137


def crash_point(name: str) -> None:
    """End the process at the n-th pass when CRASH_AT says `name:n`; never in production."""
    wanted = os.environ.get("CRASH_AT")
    if not wanted or os.environ.get("PROFILE") == "production":
        return
    point, _, count = wanted.partition(":")
    if point != name:
        return
    _hits[name] += 1
    if _hits[name] >= int(count or "1"):
        os._exit(_EXIT_CODE)
