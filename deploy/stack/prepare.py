"""Makes what a stack needs before it runs: folder, keys, servers' data, tables, demo data; all of it or nothing."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from deploy.embedded.environment import SERVICES
from deploy.embedded.prepare import upgrade
from deploy.processes import CannotStart, Family, python, run
from deploy.stack import postgresql
from deploy.stack.environment import common, of_operator
from deploy.stack.place import StackPlace
from shared.garbage import spare_what_stays

_MADE = "postgresql"


def prepare(place: StackPlace) -> None:
    """Make the folder, unless there is one; in a process of its own, under another name until it is complete."""
    if not (place.folder / _MADE).exists():
        new = place.folder.with_name(f"{place.folder.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        if run(python(__name__, str(new), str(place.port)), common(place)) != 0:
            raise CannotStart("The first start failed; nothing is left of it.")
        new.rename(place.folder)
    place.prepare()


def _make(place: StackPlace) -> None:
    from deploy.demo.load import load_demo
    from deploy.embedded.suite import make_keys
    from deploy.standins.client_keys import ensure_client_keys

    spare_what_stays()
    place.folder.mkdir(parents=True)
    place.prepare()
    ensure_client_keys(place.keys)
    postgresql.make(place)
    env, family = of_operator(place), Family(common(place))
    try:
        postgresql.start(place, family)
        upgrade(env)
        make_keys(SERVICES, env)
        load_demo(env)
    finally:
        family.stop()


if __name__ == "__main__":
    _make(StackPlace(Path(sys.argv[1]), int(sys.argv[2])))
