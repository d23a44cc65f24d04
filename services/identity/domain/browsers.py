"""The kind of browser behind a log-in, in words its owner knows; nothing more of its header is kept."""

from __future__ import annotations

from dataclasses import dataclass

# In this order: what stands further down is named by those above it as well.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser/": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "Chrome/": "Chrome",
    "CriOS/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


@dataclass(frozen=True, kw_only=True)
class Browser:
    """A browser and its system by name; None for those we do not know."""

    name: str | None = None
    system: str | None = None


def browser_of(header: str) -> Browser:
    """What a User-Agent header tells."""
    return Browser(name=_first(BROWSERS, header), system=_first(SYSTEMS, header))


def _first(known: dict[str, str], header: str) -> str | None:
    return next((name for sign, name in known.items() if sign in header), None)
