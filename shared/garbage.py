"""Python's search for garbage in a long-running process: seldom, and not through what stays."""

from __future__ import annotations

import gc

NEW_OBJECTS, ROUNDS = 20_000, 20


def spare_what_stays() -> None:
    """Leave out of the search what is loaded by now, and begin one after many new objects only.

    Called once, when a process has loaded everything. Before, the search took up to a fifth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, ROUNDS, ROUNDS)
