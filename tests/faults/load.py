"""The load of a fault test: clients that post commands and keep the ledger of what was acknowledged to them."""

from __future__ import annotations

import http.client
import threading
import time

CLIENTS = 2
_TIMEOUT, _PAUSE_AFTER_FAILURE = 10, 0.05


class Load:
    """Posts numbers until `events` were acknowledged; never runs more than the gate allows ahead."""

    def __init__(self, port, events):
        self._port, self._events = port, events
        self.gate, self.pause = events, 0.0  # commands; seconds between two of a client
        self.attempted, self.acked, self.failed, self.seconds = [], [], 0, []
        self._guard, self._next = threading.Lock(), 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(CLIENTS)]

    def start(self):
        for thread in self._threads:
            thread.start()

    def stop(self):
        self._stop.set()

    def join(self, seconds):
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def wait_for(self, count, seconds):
        """Wait until so many commands were acknowledged; tells whether they were."""
        deadline = time.monotonic() + seconds
        while len(self.acked) < count and time.monotonic() < deadline:
            time.sleep(0.002)
        return len(self.acked) >= count

    def _work(self):
        while not self._stop.is_set() and len(self.acked) < self._events:
            if len(self.acked) >= self.gate:
                time.sleep(0.002)
                continue
            number, began = self._take_number(), time.monotonic()
            if self._post(number):
                self.acked.append(number)
                self.seconds.append(time.monotonic() - began)
            else:
                self.failed += 1
                time.sleep(_PAUSE_AFTER_FAILURE)
            time.sleep(self.pause)

    def _take_number(self):
        with self._guard:
            number, self._next = self._next, self._next + 1
            self.attempted.append(number)
        return number

    def _post(self, number):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_TIMEOUT)
        try:
            connection.request("POST", f"/{number}")
            return connection.getresponse().status == http.HTTPStatus.NO_CONTENT
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
