"""Dead letters: what they tell about themselves without showing what must not be shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, Self

import orjson

from shared.contracts.envelope import Envelope, from_cloudevent
from shared.contracts.event import MalformedEvent, UnknownEvent
from shared.observability.faults import crash_point

_ID = re.compile(r"[0-9A-Za-z-]{1,36}")
_NAME = re.compile(r"[a-z_]+\.[a-z_]+\.v\d+")
_SUBJECT = re.compile(r"[a-z_]+:[0-9a-f-]{1,36}")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One dead letter. `place` is where it lies; `body` is never shown as it is, for it may hold anything."""

    place: int
    event_id: str
    name: str
    subject: str
    version: int | None
    reason: str
    attempts: int
    first: str
    last: str
    body: str = field(repr=False)

    @property
    def source(self) -> str:
        """The service that told it."""
        return self.name.split(".", 1)[0]

    def envelope(self) -> Envelope | None:
        """The event, if it is one that this version of the suite knows."""
        try:
            return from_cloudevent(orjson.loads(self.body))
        except (MalformedEvent, UnknownEvent, orjson.JSONDecodeError, TypeError):
            return None


def read_letter(place: int, body: str, headers: Mapping[str, Any], message_id: str | None) -> Letter:
    """A letter from a message of the queue; what does not look like an id or a name is left out."""
    told = _object(body)
    checksum = hashlib.sha256(body.encode()).hexdigest()[:12]
    version = told.get("aggregateversion")
    return Letter(
        place=place,
        event_id=_fitting(_ID, told.get("id")) or _fitting(_ID, message_id) or f"body-{checksum}",
        name=_fitting(_NAME, told.get("type")) or "unreadable",
        subject=_fitting(_SUBJECT, told.get("subject")),
        version=version if type(version) is int else None,
        reason=str(headers.get("x-reason") or f"broker:{headers.get('x-first-death-reason', 'unknown')}"),
        attempts=int(headers.get("x-attempts", 0)),
        first=str(headers.get("x-first-failed-at", "")),
        last=str(headers.get("x-last-failed-at", "")),
        body=body,
    )


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which letters are meant; all that is given must fit."""

    ids: tuple[str, ...] = ()
    name: str = ""
    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing was given."""
        return self == Wanted()

    def choose(self, letters: Sequence[Letter]) -> list[Letter]:
        """The letters that fit, oldest first."""
        return [letter for letter in letters if self._fits(letter)]

    def _fits(self, letter: Letter) -> bool:
        fits = (not self.ids or letter.event_id in self.ids) and (not self.name or letter.name == self.name)
        fits = fits and (not self.reason or letter.reason == self.reason)
        if self.since is None and self.until is None:
            return fits
        if not letter.last:  # the broker gave it up by itself, and does not say when
            return False
        last = datetime.fromisoformat(letter.last)
        return fits and (self.since is None or last >= self.since) and (self.until is None or last < self.until)


class Letterbox(Protocol):
    """The dead letters of one service, held while the box is open; what was not removed stays."""

    def __enter__(self) -> Self:
        """Open it."""
        ...

    def __exit__(self, *_: object) -> None:
        """Let go of everything."""
        ...

    def read(self) -> list[Letter]:
        """Every letter, oldest first."""
        ...

    def deliver(self, body: str, event_id: str) -> None:
        """Put an event into the service's inbox; it is safe there afterwards."""
        ...

    def remove(self, letter: Letter) -> None:
        """Remove a letter here."""
        ...


def replay(box: Letterbox, letter: Letter) -> None:
    """Give a letter to the service once more, from the first attempt on; if this dies half-way, it comes twice."""
    box.deliver(letter.body, letter.event_id)
    crash_point("replay.after_deliver_before_remove")
    box.remove(letter)


def _object(body: str) -> Mapping[str, Any]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def _fitting(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""
