"""What goes over the line between a page and its service, as Chromium counts it."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """One load: octets over the line, headers included, and seconds until all of it was there."""

    octets: int
    seconds: float


class Wire:
    """Counts, and slows down if asked; begins on an empty page, so that nothing under way before is counted."""

    def __init__(self, page):
        page.goto("about:blank")
        self._page, self._counted = page, 0
        self._steered = page.context.new_cdp_session(page)
        self._steered.send("Network.enable")
        self._steered.send("Network.clearBrowserCache")
        self._steered.on("Network.loadingFinished", self._count)
        self._steered.on("Network.responseReceivedExtraInfo", lambda _: None)

    def slow_down(self, *, kilobits, latency_ms):
        """Let the line be one with this speed both ways and this latency."""
        rate = kilobits * 1000 / 8
        self._steered.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": latency_ms, "downloadThroughput": rate, "uploadThroughput": rate},
        )

    def measure(self, act):
        """What an act loads."""
        self._counted, began = 0, time.monotonic()
        act()
        self._page.wait_for_load_state("networkidle")
        return Load(self._counted, time.monotonic() - began)

    def _count(self, event):
        self._counted += int(event["encodedDataLength"])
