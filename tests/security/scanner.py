"""Reads every answer that leaves an app and finds in it whom it tells about, whatever route it came from."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select

from shared.audit.log import Access

SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Sign:
    """Something that stands for a patient: the pattern to look for, and what the log must say when it was shown.

    `is_id` is for what the one who asks may have typed, and sees again in a refusal or on the way to the log-in.
    """

    name: str
    pattern: re.Pattern[str]
    pid: int | None
    objects: re.Pattern[str]
    is_id: bool = False

    def is_told(self, entry) -> bool:
        """Whether a log entry is about this."""
        return entry.pid == self.pid and bool(self.objects.match(entry.object))


def sign(name, *words, pid=None, objects="", is_id=False):
    """A sign out of words, in every way a page may write them."""
    spelt = {spelling for word in words if word for spelling in (word, html.escape(word), quote(word))}
    text = "|".join(rf"(?<!\w){re.escape(spelling)}(?!\w)" for spelling in sorted(spelt))
    return Sign(name=name, pattern=re.compile(text), pid=pid, objects=re.compile(objects), is_id=is_id)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one answer told: its status, its correlation id, and the signs found in head and body."""

    status: int
    correlation_id: str
    signs: tuple[Sign, ...]


class Scanner:
    """WSGI layer around an app; `last` is what the newest answer told."""

    def __init__(self, inner, signs):
        self._inner, self._signs, self.last = inner, signs, None

    def __call__(self, environ, start_response):
        head = {}

        def start(status, headers, *rest):
            head.update(status=int(status[:3]), headers=headers)
            return start_response(status, headers, *rest)

        parts = self._inner(environ, start)
        body = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        self.last = self._read(head["status"], head["headers"], body)
        return [body]

    def _read(self, status, headers, body):
        text = body.decode(errors="replace") + "\n".join(value for _, value in headers)
        found = tuple(one for one in self._signs if one.pattern.search(text) and (status == SHOWN or not one.is_id))
        return Seen(status=status, correlation_id=dict(headers)["X-Correlation-Id"], signs=found)


def entries(scene, log, seen):
    """The entries of the access log that belong to an answer."""
    with scene.site.database.reading() as session:
        return session.execute(select(log).where(log.c.correlation_id == seen.correlation_id)).all()


def is_complete(entry, by: Access) -> bool:
    """Whether an entry says who, in which role, from where, why, and when in UTC."""
    who = entry.actor == by.actor and by.organisation in {None, entry.organisation}
    return who and bool(entry.role and entry.reason and entry.object) and entry.at.utcoffset().total_seconds() == 0
