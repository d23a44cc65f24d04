"""The worker of one service: relay, consumer and jobs, each in a thread of its own."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.bus.consumer import BusConsumer
from shared.bus.publisher import BatchPublisher
from shared.contracts.envelope import Envelope
from shared.contracts.event import Event
from shared.db.errors import DatabaseUnavailable
from shared.observability.log import get_logger
from shared.observability.metrics import TOLD
from shared.outbox.bell import Bell, Silence
from shared.outbox.inbox import Handler, Inbox
from shared.outbox.relay import Publish, Relay
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.jobs import JobRunner

_STOP_SECONDS, _PAUSE_SECONDS = 20.0, 1.0
_log = get_logger(__name__)


@dataclass
class Alarm:
    """Wakes the threads of this process that wait for something to do."""

    relay: threading.Event = field(default_factory=threading.Event)
    jobs: threading.Event = field(default_factory=threading.Event)

    def ring(self) -> None:
        """Wake them all; handed to the unit of work, which rings after each commit."""
        self.relay.set()
        self.jobs.set()


@dataclass
class Worker:
    """Runs until it is told to stop; a thread that fails is started again. `more` does what a service needs besides."""

    service: str
    bus_url: str
    uow: UnitOfWork[Any]
    handlers: Mapping[type[Event], Handler]
    jobs: JobRunner
    alarm: Alarm
    more: Mapping[str, Callable[[threading.Event], None]] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _bell: Bell = field(default_factory=Silence)

    def start(self, stop: threading.Event) -> None:
        """Start the threads."""
        works = {
            "relay": self._relay,
            "consumer": self._consume,
            "jobs": self._run_jobs,
            "bell": self._hear,
            **self.more,
        }
        # What this process commits itself, its alarm tells.
        self._bell, self.uow.bell = self.uow.bell, Silence()
        for name, work in works.items():
            thread = threading.Thread(target=_kept_alive, args=(work, stop), name=f"{self.service}-{name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def join(self) -> None:
        """Wait for the threads to end, after `stop` was set."""
        self.alarm.ring()
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def is_running(self) -> bool:
        """Tell whether every thread of it runs."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def _relay(self, stop: threading.Event) -> None:
        publisher = BatchPublisher(self.bus_url)
        try:
            relay = Relay(self.uow.database, self.uow.kit, self._counted(publisher.publish), publisher.tick)
            relay.run_forever(stop, self.alarm.relay)
        finally:
            publisher.close()

    def _counted(self, publish: Publish) -> Publish:
        def publish_and_count(events: Sequence[Envelope]) -> None:
            publish(events)
            TOLD.labels(self.service).inc(len(events))

        return publish_and_count

    def _consume(self, stop: threading.Event) -> None:
        take = Inbox(self.uow, self.handlers).take
        BusConsumer(self.bus_url, self.service, take, self.uow.clock.now).run(stop)

    def _run_jobs(self, stop: threading.Event) -> None:
        self.jobs.run_forever(stop, self.alarm.jobs)

    def _hear(self, stop: threading.Event) -> None:
        """Be woken by what the web processes of this service commit."""
        while not stop.is_set():
            try:
                self._bell.listen(stop, self.alarm.ring)
            except DatabaseUnavailable:
                stop.wait(_PAUSE_SECONDS)


def _kept_alive(work: Callable[[threading.Event], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            work(stop)
        except Exception as error:  # noqa: BLE001 - a worker must go on; the log and the metrics tell
            _log.error("worker thread failed", error=type(error).__name__)
            stop.wait(_PAUSE_SECONDS)
