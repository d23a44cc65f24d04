"""When a signing key is shown to clients and when it signs: shown before it signs, and as long as tokens live after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

ALGORITHM = "ES256"
# Clients keep the key set for ten minutes; an hour lets all of them see a key before its first signature.
SHOWN_BEFORE = timedelta(hours=1)
SIGNS_FOR = timedelta(days=30)
SHOWN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class KeyAge:
    """One signing key by its id, and the moment from which it signs."""

    key_id: str
    signs_from: datetime


def signing(keys: Sequence[KeyAge], now: datetime) -> KeyAge:
    """The key that signs now: the newest whose time has come; the first of all while none has."""
    begun = [key for key in keys if key.signs_from <= now]
    return max(begun, key=_begins) if begun else min(keys, key=_begins)


def shown(keys: Sequence[KeyAge], now: datetime) -> list[KeyAge]:
    """The keys clients are shown: all that sign, will sign, or signed within the last day."""
    return [key for key in sorted(keys, key=_begins) if not _is_over(key, keys, now)]


def is_next_due(keys: Sequence[KeyAge], now: datetime) -> bool:
    """Tell whether a further key must be made now, so that it is shown before the newest has signed for a month."""
    return not keys or max(key.signs_from for key in keys) + SIGNS_FOR - SHOWN_BEFORE <= now


def next_signs_from(keys: Sequence[KeyAge], now: datetime) -> datetime:
    """When a key made now begins to sign: at once if it is the first, else after everybody has seen it."""
    return now + SHOWN_BEFORE if keys else now


def _is_over(key: KeyAge, keys: Sequence[KeyAge], now: datetime) -> bool:
    followers = [other.signs_from for other in keys if other.signs_from > key.signs_from]
    return bool(followers) and min(followers) + SHOWN_AFTER <= now


def _begins(key: KeyAge) -> tuple[datetime, str]:
    return key.signs_from, key.key_id
