"""Log-in providers that may stand behind identity, and what a log-in through one of them says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# So long after the log-in at the provider the own account may be linked with it.
PROVEN_LIVES = timedelta(minutes=10)
# The provider was asked for a level that needs several factors; which they were, it does not tell.
AMR = ("mfa",)


class Upstream(StrEnum):
    """Providers by the name that settings and texts use."""

    HELSEID = "helseid"
    IDPORTEN = "idporten"


@dataclass(frozen=True, kw_only=True)
class Proven:
    """Somebody has logged in at a provider whose account there is linked with none here, yet."""

    upstream: Upstream
    subject_hash: str = field(repr=False)
    at: datetime

    def is_good(self, now: datetime) -> bool:
        """Tell whether it may still be linked."""
        return now - self.at < PROVEN_LIVES
