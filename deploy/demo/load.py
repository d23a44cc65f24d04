"""Everything a demo begins with, loaded into empty databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deploy.demo.identity import load_application, load_organisations, load_users
from deploy.demo.registration import load_registration
from deploy.demo.release import load_release
from deploy.demo.reservation import load_reservation

Loader = Callable[[Mapping[str, str]], None]
LOADERS: tuple[tuple[str, Loader], ...] = (
    ("hospitals", load_organisations),
    ("users", load_users),
    ("an application for a user", load_application),
    ("patients and courses", load_registration),
    ("applications for data", load_release),
    ("reservations", load_reservation),
)


def load_demo(env: Mapping[str, str]) -> None:
    """Run all loaders, and tell of each before it begins."""
    for name, loader in LOADERS:
        print(f"Loading {name} …", flush=True)
        loader(env)
