"""The ticket of an open form: it outlives the log-in, and lets its holder store a draft of that form and nothing else.

It is signed, not sealed: all it tells stands on the page that carries it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request
from itsdangerous import BadData, URLSafeSerializer

from services.registration.pages.context import means
from services.registration.usecases.course_at import FormAt
from shared.auth.principal import Kind, Principal

FIELD = "_ticket"
_LIFE = timedelta(hours=12)
_LONGEST = 200_000


@dataclass(frozen=True, kw_only=True)
class Ticket:
    """Whose page it is, of which form, which state of the form was on it, and until when it stands for a log-in."""

    by: Principal
    course_id: int
    form: str
    opening: str
    revision: int
    base: Mapping[str, Any]
    expires_at: datetime

    def is_for(self, course_id: int, form: str) -> bool:
        """Whether it was made for this form of this course."""
        return (self.course_id, self.form) == (course_id, form)


def write_ticket(at: FormAt, *, revision: int, base: Mapping[str, Any]) -> str:
    """A ticket for a page that is shown now."""
    by = at.by
    said = {
        "by": [by.subject, by.role, by.registry, by.organisation, by.issued_at and by.issued_at.isoformat()],
        "form": [at.course_id, at.form],
        "opening": secrets.token_urlsafe(12),
        "revision": revision,
        "base": base,
        "expires": (means().clock.now() + _LIFE).isoformat(),
    }
    written = _serializer().dumps(said)
    return written if isinstance(written, str) else written.decode()


def sent_ticket(course_id: int, form: str) -> Ticket | None:
    """The ticket that came with this post, if it is ours and of this form; how old it is the caller asks."""
    text = request.form.get(FIELD, "")
    if not text or len(text) > _LONGEST:
        return None
    try:
        said = _serializer().loads(text)
    except BadData:
        return None
    ticket = _read(said)
    return ticket if ticket.is_for(course_id, form) else None


def _read(said: Mapping[str, Any]) -> Ticket:
    subject, role, registry, organisation, issued_at = said["by"]
    return Ticket(
        by=Principal(
            kind=Kind.USER,
            subject=subject,
            role=role,
            registry=registry,
            organisation=organisation,
            issued_at=datetime.fromisoformat(issued_at) if issued_at else None,
        ),
        course_id=said["form"][0],
        form=said["form"][1],
        opening=said["opening"],
        revision=said["revision"],
        base=said["base"],
        expires_at=datetime.fromisoformat(said["expires"]),
    )


def _serializer() -> URLSafeSerializer:
    key = current_app.secret_key or ""
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(key, salt="ticket of a form", signer_kwargs=how)
