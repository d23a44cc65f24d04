"""The message inbox: what has come to people through any channel, each message once."""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any

from deploy.standins.store import StandinStore, Transaction
from shared.scheduling.clock import Clock

FILE = "message_file"


class Channel(StrEnum):
    """Ways to a person."""

    SMS = "sms"
    EMAIL = "email"
    DIGIPOST = "digipost"
    HELSENORGE = "helsenorge"
    LETTER = "letter"


class Repeat(Enum):
    """What an id means that may have been used before."""

    NEW = "new"
    SAME = "same"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message as it lies in somebody's inbox; `recipient` is a number, mobile or address."""

    channel: Channel
    recipient: str
    message_id: str
    title: str
    text: str
    person_id: str | None = None
    links: tuple[str, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


class Inbox:
    """Everybody's messages."""

    def __init__(self, store: StandinStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def put(self, transaction: Transaction, message: Message) -> None:
        """Lay a message in the inbox, in an open transaction."""
        body = {"title": message.title, "text": message.text, "links": list(message.links), **message.more}
        transaction.run(
            "INSERT INTO message (channel, recipient, person_id, message_id, sent_at, body) VALUES (?, ?, ?, ?, ?, ?)",
            message.channel.value,
            message.recipient,
            message.person_id,
            message.message_id,
            self._clock.now().isoformat(),
            json.dumps(body),
        )

    def newest(self, *, to: str = "", channel: str = "", person_id: str = "", limit: int = 200) -> list[dict[str, Any]]:
        """Return messages, newest first, as documents; empty filters match all."""
        with self._store.reading() as transaction:
            rows = transaction.all(
                "SELECT * FROM message WHERE (? = '' OR recipient = ?) AND (? = '' OR channel = ?)"
                " AND (? = '' OR person_id = ?) ORDER BY id DESC LIMIT ?",
                *(to, to, channel, channel, person_id, person_id, limit),
            )
        return [_document(dict(row)) for row in rows]


def keep_file(transaction: Transaction, name: str, content: bytes) -> dict[str, str]:
    """Keep a document that came with a message, and return how the inbox page finds it."""
    file_id = uuid.uuid4().hex
    transaction.put(FILE, file_id, {"name": name, "content": base64.b64encode(content).decode()})
    return {"id": file_id, "name": name}


def kept_file(transaction: Transaction, file_id: str) -> bytes | None:
    """Return a document that came with a message."""
    found = transaction.find(FILE, file_id)
    return None if found is None else base64.b64decode(found["content"])


def note(transaction: Transaction, kind: str, key: str, content: Any, answer: Mapping[str, Any]) -> Repeat:
    """Remember that an id was used for this content, and tell whether it is new, a repeat or something else."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    if transaction.add_once(kind, key, {"digest": digest, "answer": dict(answer)}):
        return Repeat.NEW
    known = transaction.find(kind, key) or {}
    return Repeat.SAME if known.get("digest") == digest else Repeat.OTHER


def noted_answer(transaction: Transaction, kind: str, key: str) -> dict[str, Any] | None:
    """Return the answer that was given when the id was first used, or None."""
    known = transaction.find(kind, key)
    return None if known is None else known["answer"]


def _document(row: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(row["body"])
    kept = {name: row[name] for name in ("id", "channel", "person_id", "message_id", "sent_at")}
    return {"sender": "", "alert": "", "deadline": "", "files": [], **body, **kept, "to": row["recipient"]}
