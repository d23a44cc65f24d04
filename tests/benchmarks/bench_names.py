"""S10: how long identity takes to say no to a name that has an account and to one that has none."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

from services.identity.domain.errors import RuleBroken
from services.identity.gateways.argon2_hasher import Argon2Hasher
from services.identity.settings import HashCost
from shared.db.database import Database
from shared.db.engine import make_engine
from tests.benchmarks.harness import Figure
from tests.identity.world import METADATA, Identity

MANY, WARM = 80, 4
BOUND = 5.0


class Door:
    """The log-in as in operation: PostgreSQL, and hashes at their full cost."""

    def __init__(self, bench):
        engine = make_engine(bench.postgresql.create("s10"))
        bench.stack.callback(engine.dispose)
        METADATA.create_all(engine)
        self.identity = Identity(Database(engine, METADATA))
        self.identity.hasher = Argon2Hasher(**HashCost().__dict__)
        self.identity.add("kari")

    def refused(self, name):
        """Milliseconds until a wrong password is refused; the wait after it goes by at once."""
        began = time.perf_counter()
        try:
            self.identity.start(name, "feil passord")
        except RuleBroken:
            took = (time.perf_counter() - began) * 1000
        # More than the longest wait, and the address's failures are forgotten.
        self.identity.clock.move(timedelta(hours=2))
        return took


def measure(bench):
    door, took = Door(bench), {"kari": [], "finnes.ikke": []}
    for number in range(bench.some(MANY) + WARM):
        for name in sorted(took, reverse=bool(number % 2)):
            took[name].append(door.refused(name))
    known, unknown = (found[WARM:] for found in took.values())
    # Two tries beside each other meet the same neighbours on the machine; their difference is what a guesser would see.
    apart = abs(statistics.median(one - other for one, other in zip(known, unknown, strict=True)))
    note = f"medians {statistics.median(known):.1f} ms known, {statistics.median(unknown):.1f} ms unknown"
    yield Figure("S10", "a known name against an unknown one", apart, BOUND, "ms", at_most=True, note=note)


BARS = {"S10": measure}
