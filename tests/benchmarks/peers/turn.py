"""What a process of a contest and its starter tell each other. Nothing here needs the project's packages."""

from __future__ import annotations

import json
import sys
import time

MARK = "contest "


class Turn:
    """One process's part: it says when it is ready, and later what its part has cost."""

    def __init__(self, count=0):
        self._left = count
        self._cpu = 0.0

    def ready(self):
        """Connected and waiting; from here on the CPU counts."""
        self._say({"ready": True})
        self._cpu = time.process_time()

    def await_start(self):
        self.ready()
        sys.stdin.readline()

    def count(self, effects):
        """Effects are committed; after the last one the figures are told."""
        before, self._left = self._left, self._left - effects
        if before > 0 >= self._left:
            self.done()

    def done(self):
        self._say({"at": time.perf_counter(), "cpu": time.process_time() - self._cpu})

    def _say(self, said):
        print(MARK + json.dumps(said), flush=True)


def take_part(relay, consume):
    """The main function of every contender: `relay` or `consumer`, with its settings as JSON."""
    settings = json.loads(sys.argv[2])
    if sys.argv[1] == "relay":
        relay(settings, Turn())
    else:
        consume(settings, Turn(settings["count"]))
