"""B3: from the outbox of one service to the effects in another, against a naive design, the bare broker and peers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import amqp
from sqlalchemy import make_url

from shared.bus.topology import EXCHANGE, inbox
from shared.contracts.release import Delivered
from tests.benchmarks.bench_publish import LISTENER, NOW, prepare
from tests.benchmarks.contest import Contender, ContestFailed, Flow, run
from tests.benchmarks.harness import Figure, Missing
from tests.benchmarks.peers.place import CannotInstall, interpreter
from tests.benchmarks.suite import emptied, make_uow, open_database

MANY, FEW, A_TRANSACTION = 12_000, 1500, 500
RAW = "bench.raw"
# The name of a peer, its module, its environment, and the queues it makes.
PEERS = (
    ("FastStream", "peers.faststream_peer", "most", ("bench",)),
    ("Celery", "peers.celery_peer", "most", ("bench",)),
    ("dramatiq", "peers.dramatiq_peer", "most", ("bench", "bench.DQ", "bench.XQ")),
    ("nameko", "peers.nameko_peer", "nameko", ("evt-release-delivered--bench.take",)),
)


@dataclass
class Course:
    """The way that all contenders go: two databases and a broker. `failed` tells which peers gave up, and why."""

    bench: object
    source: object
    target: object
    flows: dict[str, list[Flow]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def racer(self, name, contender, count, **settings):
        """What lets one contender run once; its CPU is kept in `flows`."""
        given = {
            "bus": self.bench.rabbitmq.url.replace("//", "/%2F").replace(":/%2F", "://"),
            "source": str(self.source.engine.url),
            "target": str(self.target.engine.url),
            "exchange": EXCHANGE.name,
            "queue": inbox(LISTENER).name,
            "count": count,
            **settings,
        }

        def race():
            self._lay(count)
            flow = run(contender, given, self.bench.folder)
            self.flows.setdefault(name, []).append(flow)
            return flow.rate

        return race

    def peer(self, name, contender, count, **settings):
        """The same for somebody else's program: it may fail once; after that it runs no more, and has no rate."""
        race = self.racer(name, contender, count, **settings)

        def race_if_able(*, is_first=True):
            if name in self.failed:
                return math.nan
            try:
                return race()
            except ContestFailed as failed:
                if is_first:
                    return race_if_able(is_first=False)
                self.failed[name] = str(failed)
                return math.nan

        return race_if_able

    def _lay(self, count):
        """Empty everything and fill the outbox."""
        prepare(self.bench.rabbitmq.url)
        clear_queues(self.bench.rabbitmq.url)
        for database in (self.source, self.target):
            emptied(database)
        uow = make_uow(self.source)
        for start in range(0, count, A_TRANSACTION):
            with uow() as store:
                for number in range(start, min(start + A_TRANSACTION, count)):
                    key = f"{number:032x}"
                    store.emit(Delivered(delivery_id=key, project_id=key, extract_id=key, delivered_at=NOW))

    def cpu(self, name):
        """The least CPU an event: neighbours on the machine can only make the same work look dearer."""
        return min(flow.cpu for flow in self.flows[name])


def clear_queues(url):
    """A new queue for the raw client, and none of what the peers left."""
    parts = make_url(url)
    with amqp.Connection(f"{parts.host}:{parts.port}") as connection, connection.channel() as channel:
        for queue in {RAW}.union(*(queues for *_, queues in PEERS)):
            channel.queue_delete(queue)
        channel.exchange_declare(RAW, "topic", durable=True, auto_delete=False)
        channel.queue_declare(RAW, durable=True, auto_delete=False)
        channel.queue_bind(RAW, RAW, "release.#")


def peers():
    """The contenders that can be had here, and for the others why not."""
    found, missing = {}, []
    for name, module, packages, queues in PEERS:
        try:
            found[name] = Contender(module, interpreter(packages)), {"queue": queues[0]}
        except CannotInstall as reason:
            missing.append(Missing("B3", f"flow against {name}", str(reason)))
    return found, missing


def races(course, others):
    bench, own = course.bench, Contender("flow_kit")
    racers = {
        "kit": course.racer("kit", own, bench.some(MANY)),
        "raw": course.racer("raw", Contender("flow_raw"), bench.some(MANY), exchange=RAW, queue=RAW),
        "naive": course.racer("naive", Contender("peers.naive"), bench.some(FEW)),
    }
    for name, (contender, settings) in others.items():
        racers[name] = course.peer(name, contender, bench.some(FEW), **settings)
    return racers


def figures(course, others, kind):
    names = {"naive": ("a naive design", 5.0), "raw": ("the bare broker", 0.35), **{n: (n, 1.0) for n in others}}
    racers = races(course, others)
    rounds = course.bench.compare(racers)
    for name, (what, bound) in names.items():
        if name in course.failed:
            yield Missing("B3", f"flow against {what}, {kind}", course.failed[name])
            continue
        note = (
            f"kit {rounds.median('kit'):,.0f}/s at {course.cpu('kit'):.0f} us,"
            f" {name} {rounds.median(name):,.0f}/s at {course.cpu(name):.0f} us of Python CPU an event"
        )
        yield replace(rounds.compared("B3", f"flow against {what}, {kind}", "kit", name, bound), note=note)


def measure(bench):
    others, missing = peers()
    addresses = {
        "PostgreSQL": [bench.postgresql.create(f"b3_{side}") for side in ("source", "target")],
        "SQLite": [f"sqlite:///{bench.folder}/b3_{side}.sqlite" for side in ("source", "target")],
    }
    for kind, urls in addresses.items():
        course = Course(bench, *(open_database(url) for url in urls))
        try:
            yield from figures(course, others if kind == "PostgreSQL" else {}, kind)
        except ContestFailed as failed:
            yield Figure("B3", f"flow, {kind}", 0.0, 1.0, note=str(failed))
        for database in (course.source, course.target):
            database.engine.dispose()
    yield from missing


BARS = {"B3": measure}
