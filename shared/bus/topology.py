"""Exchange and queues, alike on both kinds of bus; every worker declares all, so nothing is ever unroutable."""

from collections.abc import Mapping
from typing import Any

from kombu import Connection, Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

EXCHANGE = Exchange("registry.events", type="topic", durable=True)
DIRECT = Exchange("")
# Who listens to whom. A service sees every event of a producer it listens to, so that versions have no gaps.
LISTENS: Mapping[str, tuple[str, ...]] = {
    "identity": ("reservation",),
    "registration": ("identity", "eprom", "reservation", "release"),
    "eprom": ("identity", "registration"),
    "reservation": ("identity", "registration", "eprom", "release"),
    "release": ("identity", "registration"),
}
# One queue a pause: with different pauses in one queue a long one at its head would hold up the short ones behind.
RETRY_SECONDS = (1, 10, 20, 30)
MOST_ATTEMPTS = len(RETRY_SECONDS) + 1
# Attempts are counted in our own header. Newer brokers drop a message after twenty deliveries unless told otherwise,
# and a consumer that is killed counts as a delivery of all it had taken; so this is only a net under a crash loop.
_NET_UNDER_CRASHES = 10_000
# Looking at a dead letter counts as a delivery, and looking must never drop one.
_WITHOUT_END = 2**31 - 1

TRANSPORT_ALIASES["sqlitebus"] = "shared.bus.sqlite_transport:Transport"


def connect(url: str) -> Connection:
    """A connection that notices a dead peer within a minute and confirms single publishes."""
    if url.startswith("sqlitebus:"):
        return Connection(url)
    options = {"confirm_publish": False, "connect_timeout": 5, "read_timeout": 30, "write_timeout": 30}
    return Connection(url, heartbeat=20, transport_options=options)


def inbox(service: str) -> Queue:
    """Where a service takes its events from; one consumer is active, others are spares."""
    arguments = {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-delivery-limit": _NET_UNDER_CRASHES,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": f"{service}.dead",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    return _queue(f"{service}.inbox", arguments)


def retry(service: str, seconds: int) -> Queue:
    """Where a failed event waits; afterwards it comes back to the same inbox and to no other."""
    arguments = {
        "x-queue-type": "quorum",
        "x-message-ttl": seconds * 1000,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": f"{service}.inbox",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    return _queue(f"{service}.retry.{seconds}", arguments)


def dead(service: str) -> Queue:
    """Where an event lies that could not be handled, until a person has looked."""
    return _queue(f"{service}.dead", {"x-queue-type": "quorum", "x-delivery-limit": _WITHOUT_END})


def declare(connection: Connection, listens: Mapping[str, tuple[str, ...]] = LISTENS) -> None:
    """Declare everything; doing it again changes nothing."""
    with connection.channel() as channel:
        EXCHANGE(channel).declare()
        for service, producers in listens.items():
            for queue in (inbox(service), dead(service), *(retry(service, s) for s in RETRY_SECONDS)):
                queue(channel).queue_declare()
            for producer in producers:
                inbox(service)(channel).bind_to(EXCHANGE, routing_key=f"{producer}.#")


def _queue(name: str, arguments: dict[str, Any]) -> Queue:
    return Queue(name, exchange=DIRECT, routing_key=name, durable=True, queue_arguments=arguments, no_declare=False)
