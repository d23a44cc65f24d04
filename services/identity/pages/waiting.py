"""How long a visitor must wait who has tried too often."""

from __future__ import annotations

from math import ceil

from services.identity.domain.errors import MustWait
from services.identity.pages.context import means


def waiting(wait: MustWait) -> tuple[int, dict[str, str]]:
    """The wait in whole minutes for the text, and in seconds for the header."""
    seconds = max(1, ceil((wait.until - means().clock.now()).total_seconds()))
    return ceil(seconds / 60), {"Retry-After": str(seconds)}
