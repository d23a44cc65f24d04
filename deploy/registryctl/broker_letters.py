"""The dead letters of a service on RabbitMQ."""

from __future__ import annotations

from typing import Self
from urllib.parse import unquote, urlsplit

import pika
from pika.exceptions import ChannelClosedByBroker

from deploy.registryctl.letters import Letter, read_letter
from shared.bus.publisher import CONTENT_TYPE

_PERSISTENT, _NOT_FOUND = 2, 404


class BrokerLetters:
    """Letters are taken without acknowledging them: when the connection ends, those that were not removed are back."""

    def __init__(self, url: str, service: str) -> None:
        self._parameters, self._service = _parameters(url), service

    def __enter__(self) -> Self:
        """Connect."""
        self._connection = pika.BlockingConnection(self._parameters)
        self._channel = self._connection.channel()
        self._channel.confirm_delivery()
        return self

    def __exit__(self, *_: object) -> None:
        """Disconnect; whatever is still held goes back to its place."""
        self._connection.close()

    def read(self) -> list[Letter]:
        """Every letter, oldest first; none where no worker has ever run."""
        letters: list[Letter] = []
        try:
            while (got := self._channel.basic_get(f"{self._service}.dead"))[0] is not None:
                method, properties, body = got
                text = body.decode("utf-8", "replace")
                letters.append(read_letter(method.delivery_tag, text, properties.headers or {}, properties.message_id))
        except ChannelClosedByBroker as closed:
            if closed.reply_code != _NOT_FOUND:
                raise
        return letters

    def deliver(self, body: str, event_id: str) -> None:
        """Publish to the inbox; raises when the broker does not take it."""
        properties = pika.BasicProperties(
            content_type=CONTENT_TYPE, content_encoding="utf-8", delivery_mode=_PERSISTENT, message_id=event_id
        )
        self._channel.basic_publish("", f"{self._service}.inbox", body.encode(), properties, mandatory=True)

    def remove(self, letter: Letter) -> None:
        """Acknowledge it."""
        self._channel.basic_ack(letter.place)


def _parameters(url: str) -> pika.ConnectionParameters:
    parts = urlsplit(url)
    return pika.ConnectionParameters(
        host=parts.hostname,
        port=parts.port or pika.ConnectionParameters.DEFAULT_PORT,
        virtual_host=unquote(parts.path[1:]) or "/",
        credentials=pika.PlainCredentials(unquote(parts.username or ""), unquote(parts.password or "")),
    )
