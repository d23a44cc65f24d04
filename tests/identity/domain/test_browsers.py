"""The kind of browser behind a log-in."""

from __future__ import annotations

import pytest

from services.identity.domain.browsers import BROWSERS, SYSTEMS, Browser, browser_of

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.req("IDN-08", "IDN-15")
@pytest.mark.parametrize(
    ("header", "name", "system"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0", "Firefox", "Windows"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/143.0.0.0 Safari/537.36", "Chrome", "Windows"),
        (f"{MOZILLA} (Windows NT 10.0) {WEBKIT} Chrome/143.0.0.0 Safari/537.36 Edg/143.0.0.0", "Edge", "Windows"),
        (f"{MOZILLA} (X11; Linux x86_64) {WEBKIT} Chrome/143.0.0.0 Safari/537.36 OPR/127.0.0.0", "Opera", "Linux"),
        (
            f"{MOZILLA} (Linux; Android 16; SM-S931B) {WEBKIT} SamsungBrowser/29.0 Chrome/143.0",
            "Samsung Internet",
            "Android",
        ),
        (f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/26.0 Safari/605.1.15", "Safari", "Mac"),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 26_0 like Mac OS X) {WEBKIT} CriOS/143.0 Mobile Safari/604.1",
            "Chrome",
            "iPhone",
        ),
        (f"{MOZILLA} (iPad; CPU OS 26_0 like Mac OS X) {WEBKIT} FxiOS/146.0 Safari/605.1.15", "Firefox", "iPad"),
        (f"{MOZILLA} (X11; CrOS x86_64 14541.0.0) {WEBKIT} Chrome/143.0.0.0 Safari/537.36", "Chrome", "ChromeOS"),
        ("curl/8.9", None, None),
        ("", None, None),
    ],
)
def test_browser_and_system_in_words(header, name, system):
    assert browser_of(header) == Browser(name=name, system=system)


@pytest.mark.req("IDN-08", "IDN-15")
def test_only_words_of_ours_are_kept_of_a_header():
    kept = browser_of("Firefox/1 <script> Windows 192.0.2.1 " + "x" * 10_000)

    assert kept.name in BROWSERS.values()
    assert kept.system in SYSTEMS.values()
    assert max(len(word) for word in [*BROWSERS.values(), *SYSTEMS.values()]) <= 20
