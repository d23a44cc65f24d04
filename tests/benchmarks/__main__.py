"""`python -m tests.benchmarks [B1 B3 ...] [--quick]`: measure and print the bars."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import tests.benchmarks as here
from shared.observability.log import configure_logging
from tests.benchmarks.harness import Bench, Figure, Missing, machine_line

Measure = Callable[[Bench], Iterable[Figure | Missing]]


def all_bars() -> dict[str, Measure]:
    """Every bar by its id; each module bench_*.py has a table BARS."""
    found: dict[str, Measure] = {}
    for module in sorted(pkgutil.iter_modules(here.__path__), key=lambda m: m.name):
        if module.name.startswith("bench_"):
            found |= importlib.import_module(f"tests.benchmarks.{module.name}").BARS
    return dict(sorted(found.items(), key=lambda item: (item[0][0], int(item[0][1:]))))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bars", nargs="*", help="ids such as B1; all when none is given")
    parser.add_argument("--quick", action="store_true", help="three rounds of a quarter of the work")
    parser.add_argument("--rounds", type=int)
    chosen = parser.parse_args()
    known = all_bars()
    bench = Bench(quick=chosen.quick, rounds=chosen.rounds or (3 if chosen.quick else 5))
    met = True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that no server outlives the run
    print(machine_line(), flush=True)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, bench.stack:
        configure_logging("bench", nowhere)  # lines are made as in operation, and read by nobody
        for bar in chosen.bars or known:
            for figure in known[bar](bench):
                print(figure.line(), flush=True)
                met = met and figure.is_met
    print(machine_line(), flush=True)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
