"""`outbox status|replay`: what waits to be told, and telling one listener again what was told before."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

import orjson
from sqlalchemy import select

from deploy.registryctl.desk import CannotDo, Desk, letterbox
from deploy.registryctl.tables import print_table
from shared.bus.topology import LISTENS
from shared.contracts.envelope import Envelope, to_cloudevent
from shared.outbox.relay import envelope_of
from shared.web.backlog import HELP, Backlog

_PAGE = 500


def show_status(desk: Desk, _given: Namespace) -> int:
    """Print the numbers that the metrics show, and what they mean."""
    uow = desk.worker.uow
    gauges = Backlog(desk.service, uow.database, uow.kit, uow.clock).collect()
    rows = [(gauge.name, round(gauge.samples[0].value), HELP[gauge.name]) for gauge in gauges]
    print_table(("what", "now", "meaning"), rows)
    return 0 if rows else 1


def replay_log(desk: Desk, given: Namespace) -> int:
    """Send one listener what this service has told, oldest first; what it knows already changes nothing there."""
    if desk.service not in LISTENS[given.to]:
        raise CannotDo(f"{given.to} does not listen to {desk.service}.")
    desk.note(f"event log to {given.to}", {"act": "replay", "about": given.about})
    total = 0
    with letterbox(desk.worker.bus_url, given.to) as box:
        for page in _pages(desk, given.about):
            for envelope in page:
                box.deliver(orjson.dumps(to_cloudevent(envelope)).decode(), envelope.id)
            total += len(page)
            print(f"{total} events so far", flush=True)
    print(f"{total} events were sent to {given.to}.")
    return 0


def _pages(desk: Desk, about: str) -> Iterator[list[Envelope]]:
    log, after = desk.worker.uow.kit.outbox.event_log, 0
    query = select(log).order_by(log.c.position).limit(_PAGE)
    query = query.where(log.c.aggregate == about) if about else query
    while True:
        with desk.worker.uow.database.reading() as session:
            rows = session.execute(query.where(log.c.position > after)).all()
        if not rows:
            return
        after = rows[-1].position
        yield [envelope_of(row) for row in rows]
