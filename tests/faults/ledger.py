"""`python -m tests.faults.ledger --long [R1 R2 ...]`: the fault tests in full; a seed and a verdict line for each run."""

from __future__ import annotations

import argparse
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from shared.db.database import Database
from shared.db.engine import make_engine
from shared.garbage import spare_what_stays
from shared.observability.log import configure_logging
from shared.testing.postgresql import Cluster
from shared.testing.rabbitmq import RabbitServer
from tests.eprom import link_guessing
from tests.eprom.site import Site
from tests.faults import backlog, crashes, disorder, kills, outage, poison
from tests.faults.system import database
from tests.identity import guessing
from tests.identity.world import METADATA as IDENTITY
from tests.identity.world import Identity
from tests.shared.outbox.kit import METADATA

SEED, AT_ONCE = 20261121, 200


@dataclass
class Ground:
    """Where long runs happen: a folder, a database server that loses nothing, and a broker."""

    folder: Path
    cluster: Cluster
    broker: RabbitServer
    seed: int
    is_long: bool

    def urls(self, kind):
        """(name, addresses) of an empty place of a kind."""
        name = uuid.uuid4().hex
        if kind == "sqlite":
            (self.folder / name).mkdir()
            parts = {part: f"sqlite:///{self.folder}/{name}/{part}.sqlite" for part in ("source", "target")}
            return "sqlite+sqlitebus", {**parts, "bus": f"sqlitebus:///{self.folder}/{name}/bus.sqlite"}
        parts = {part: self.cluster.create(f"{part}_{name}") for part in ("source", "target")}
        return "postgresql+rabbitmq", {**parts, "bus": self.broker.url}

    def places(self):
        return [self.urls(kind) for kind in ("sqlite", "postgresql")]

    def size(self, long, short):
        return long if self.is_long else short


@contextmanager
def prepared(seed, *, is_long):
    with TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        cluster, broker = Cluster.start(folder / "pg", durable=True), RabbitServer(folder / "rabbit")
        broker.start()
        try:
            yield Ground(folder, cluster, broker, seed, is_long)
        finally:
            broker.stop()
            cluster.stop()


def random_kills(ground):
    for make, size in (
        (lambda: kills.embedded(ground.folder), ground.size((40_000, 60), (1000, 10))),
        (lambda: kills.production(ground.folder, ground.cluster, ground.broker), ground.size((3000, 30), (1000, 10))),
    ):
        yield must_bite(kills.run(make(), seed=ground.seed, events=size[0], kills=size[1]))


def crash_points(ground):
    for name, urls in ground.places():
        folder = ground.folder / uuid.uuid4().hex
        folder.mkdir()
        verdict, _ = crashes.run(folder, urls, names=crashes.points(), repeats=ground.size(10, 1), place=name)
        yield verdict


def broker_outage(ground):
    system = kills.production(ground.folder, ground.cluster, ground.broker)
    yield outage.judge_speed(
        outage.run(system, seed=ground.seed, seconds=ground.size(60, 5), before=ground.size(20, 2))
    )


def disordered_deliveries(ground):
    for name, urls in ground.places():
        target = database(urls["target"])
        METADATA.create_all(target.engine)
        yield disorder.run(target, seed=ground.seed, deliveries=ground.size(100_000, 5000), place=name)
        target.engine.dispose()


def poisoned(ground):
    for name, urls in ground.places():
        given = {"seed": ground.seed, "good": 1000, "place": name, "is_hurried": not ground.is_long}
        verdict, letters, failed = poison.run(urls, **given)
        verdict.faults += poison.faults_of(letters, failed)
        yield poison.judge_speed(verdict)


def relays(ground):
    for name, urls in ground.places():
        few = backlog.side_by_side(urls["source"], seed=ground.seed, events=5000, relays=1, place=name)
        yield few
        for number in (1, 2, 4):
            _, fresh = ground.urls(name.split("+", maxsplit=1)[0])
            size = ground.size(100_000, 5000)
            verdict = backlog.side_by_side(fresh["source"], seed=ground.seed, events=size, relays=number, place=name)
            yield backlog.judge_size(verdict, few) if number == 1 else verdict
    _, urls = ground.urls("postgresql")
    yield backlog.lowest_last(urls["source"], seed=ground.seed, trials=ground.size(10_000, 100), place="postgresql")


def password_guesses(ground):
    for name, identity in identities(ground):
        many = ground.size(10_000, 1000)
        for addresses in (1, 1000):
            kari = f"kari{addresses}"
            identity.add(kari)
            tries = guessing.at_one_account(many, addresses, kari)
            yield guessing.flat(identity, tries, bound=5, at_once=AT_ONCE, place=f"{name} addresses={addresses}")
            identity.move(hours=1)
        tries = guessing.from_one_address(many)
        yield guessing.flat(identity, tries, bound=31, at_once=AT_ONCE, place=f"{name} names={many}")
        yield guessing.patient(identity, bursts=ground.size(100, 5), at_once=AT_ONCE, addresses=1000, place=name)


def code_guesses(ground):
    for name, identity in identities(ground):
        yield guessing.codes(identity, accounts=ground.size(250, 5), at_once=AT_ONCE, place=name)
        hours, step = ground.size(72, 24), timedelta(minutes=10)
        yield guessing.messages(identity, hours=hours, step=step, at_once=20, place=name)
    yield guessing.by_chance(accounts=ground.size(100_000, 5000), seed=ground.seed)


def link_guesses(ground):
    (folder := ground.folder / uuid.uuid4().hex).mkdir()
    site = Site(folder, f"sqlite:///{folder}/eprom.sqlite")
    many, addresses = ground.size((1_000_000, 16), (400, 2))
    yield link_guessing.at_links(site, site.sent(), count=many, addresses=addresses, seed=ground.seed)
    site.close()


def identities(ground):
    """An identity on each kind of database."""
    for name, urls in ground.places():
        engine = make_engine(urls["source"])
        IDENTITY.create_all(engine)
        yield name.split("+", maxsplit=1)[0], Identity(Database(engine, IDENTITY))
        engine.dispose()


BARS = {
    "R1": random_kills,
    "R2": crash_points,
    "R5": broker_outage,
    "R12": disordered_deliveries,
    "R14": poisoned,
    "R16": relays,
    "S8": password_guesses,
    "S9": code_guesses,
    "S13": link_guesses,
}


def must_bite(verdict):
    """A run that hit too little is told as such and does not count."""
    if not verdict.has_bitten:
        verdict.faults.append("the kills hit too little")
    return verdict


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.faults.ledger", description=__doc__)
    parser.add_argument("bars", nargs="*", metavar="BAR", help=f"of {', '.join(BARS)}; all, unless told otherwise")
    parser.add_argument("--long", action="store_true", help="in full, not only the short form")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args(arguments)
    if unknown := set(given.bars) - set(BARS):
        parser.error(f"no such bar: {', '.join(sorted(unknown))}")
    holds = True
    configure_logging("faults", sys.stderr)  # what the run does to itself is no verdict
    spare_what_stays()
    with prepared(given.seed, is_long=given.long) as ground:
        for bar in given.bars or BARS:
            for verdict in BARS[bar](ground):
                sys.stdout.write(f"{verdict.line()}\n")
                sys.stdout.flush()
                holds = holds and verdict.holds
    return 0 if holds else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
