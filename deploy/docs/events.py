"""`python -m deploy.docs.events`: write docs/events.md from the contracts and the services' handlers."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from deploy.embedded.environment import SERVICES
from shared.contracts.document import events_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"


def listeners() -> dict[str, list[str]]:
    """For each event the services that have a handler for it."""
    found: dict[str, list[str]] = {}
    for service in SERVICES:
        for event in import_module(f"services.{service}.handlers").HANDLERS:
            found.setdefault(event.NAME, []).append(service)
    return found


def main() -> None:
    """Write the page."""
    PAGE.write_text(events_page(listeners()), encoding="utf-8")


if __name__ == "__main__":
    main()
