"""The broker is down for a while: commands go on, and afterwards everything drains quickly."""

from __future__ import annotations

import time
from statistics import quantiles

from shared.scheduling.clock import SystemClock
from shared.web.backlog import Backlog
from tests.faults.kills import DRAIN_SECONDS, verdict_of
from tests.faults.load import Load
from tests.shared.outbox.kit import KIT

_WITHOUT_END = 10**9
_PAUSE_LATER = 0.1  # seconds: what users do while the backlog drains
LEAST_RATE, LONGEST_RECONNECT, MOST_SLOWDOWN = 200, 20, 1.5


def backlog(system):
    """What the operator's metrics tell of the source now, by name."""
    gauges = Backlog("source", system.source, KIT, SystemClock()).collect()
    return {gauge.name: gauge.samples[0].value for gauge in gauges}


def run(system, *, seed, seconds, before, pause=0.0):
    """A calm time, an outage of the broker, its return; the verdict's notes hold what was measured."""
    began = time.monotonic()
    with system:
        load = Load(system.port, _WITHOUT_END)
        load.pause = pause
        load.start()
        time.sleep(before)
        calm, failed = len(load.seconds), load.failed
        system.broker.kill()
        time.sleep(seconds)
        notes = {"outage": seconds, **_measured(load, calm, failed)}
        system.broker.start()
        load.pause = _PAUSE_LATER
        notes |= _drained(system)
        load.stop()
        load.join(DRAIN_SECONDS)
        system.drain()
        found = {"kills": 1, "bit": int(notes["backlog"] > 0), "seconds": time.monotonic() - began, "notes": notes}
        return verdict_of("R5", system, load, seed=seed, **found)


def judge_speed(verdict):
    """Add what is too slow to the faults of a long run."""
    notes = verdict.notes
    slow = {
        f"drained fewer than {LEAST_RATE} events a second": notes["drained_per_second"] < LEAST_RATE,
        f"reconnected after more than {LONGEST_RECONNECT} s": notes["reconnected_after"] > LONGEST_RECONNECT,
        f"p95 rose above {MOST_SLOWDOWN} times": notes["p95_ratio"] > MOST_SLOWDOWN,
        "commands failed": notes["failed"] > 0,
    }
    verdict.faults += [what for what, is_so in slow.items() if is_so]
    return verdict


def _measured(load, calm, failed):
    return {
        "commands_in_outage": len(load.seconds) - calm,
        "failed": load.failed - failed,
        "p95_ratio": round(_p95(load.seconds[calm:]) / _p95(load.seconds[:calm]), 2),
    }


def _drained(system):
    returned, at_return = time.monotonic(), backlog(system)
    while (now := backlog(system))["outbox_rows"] >= at_return["outbox_rows"]:
        at_return = now
        if time.monotonic() - returned > DRAIN_SECONDS:
            break
        time.sleep(0.02)
    reconnected = time.monotonic()
    while backlog(system)["outbox_oldest_seconds"] > 1 and time.monotonic() - reconnected < DRAIN_SECONDS:
        time.sleep(0.02)
    return {
        "backlog": int(at_return["outbox_rows"]),
        "oldest_seconds": round(at_return["outbox_oldest_seconds"], 1),
        "reconnected_after": round(reconnected - returned, 1),
        "drained_per_second": round(at_return["outbox_rows"] / max(0.001, time.monotonic() - reconnected)),
    }


def _p95(values):
    return quantiles(values, n=20)[-1]
