"""`dead list|show|replay|put-away`: events that could not be handled."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

import orjson
from sqlalchemy import func, select

from deploy.registryctl.desk import CannotDo, Desk
from deploy.registryctl.letters import Letter, Wanted, replay
from deploy.registryctl.tables import print_table
from shared.contracts.event import dump
from shared.outbox.put_away import Given, NotItsTurn, put_away

MANY = 100


def list_letters(desk: Desk, given: Namespace) -> int:
    """Print a line for each letter."""
    with desk.letterbox() as box:
        letters = _wanted(given).choose(box.read())
    print_table(
        ("event", "type", "about", "version", "reason", "attempts", "first", "last"),
        [(x.event_id, x.name, x.subject, x.version, x.reason, x.attempts, x.first, x.last) for x in letters],
    )
    return 0


def show_letter(desk: Desk, given: Namespace) -> int:
    """Print one letter with its ids and codes; a body that is no known event may hold anything and stays unseen."""
    with desk.letterbox() as box:
        letter = _one(box.read(), given.id)
    desk.note(f"dead letter {letter.event_id}")
    envelope = letter.envelope()
    print_table(("", ""), [*_facts(letter), ("waiting behind it", _waiting(desk, letter))])
    if envelope is None:
        print(f"No event this version knows: {len(letter.body)} signs, not shown.")
    else:
        print(orjson.dumps(dump(envelope.event), option=orjson.OPT_INDENT_2).decode())
    return 0


def replay_letters(desk: Desk, given: Namespace) -> int:
    """Give letters to the service once more."""
    wanted = _wanted(given)
    if wanted.is_everything and not given.all:
        raise CannotDo("Say which: --id, --type, --reason, --since, --until or --all.")
    with desk.letterbox() as box:
        letters = wanted.choose(box.read())
        if given.dry_run:
            print(f"{len(letters)} would be replayed.")
            return 0
        _refuse_alone(desk, len(letters), given.seconded_by)
        for letter in letters:
            change = {"act": "replay", "type": letter.name, "reason": letter.reason, "seconded_by": given.seconded_by}
            desk.note(f"dead letter {letter.event_id}", change)
            replay(box, letter)
    print(f"{len(letters)} replayed.")
    return 0


def put_letter_away(desk: Desk, given: Namespace) -> int:
    """Give one letter up; what waited behind it goes on."""
    with desk.letterbox() as box:
        letter = _one(box.read(), given.id)
        change = {"act": "put-away", "type": letter.name, "reason": letter.reason, "version": letter.version}
        entry = desk.entry(f"dead letter {letter.event_id}", change)
        uow = desk.worker.uow
        try:
            with uow() as store:
                store.log_access(entry)
                event = _given_up(letter)
                following = put_away(store.session, uow.kit.outbox, event, store.now) if event else None
        except NotItsTurn as earlier:
            raise CannotDo(f"Version {earlier.version} of {letter.subject} is missing and comes first.") from None
        if following is not None:  # the service takes the others up by itself
            box.deliver(orjson.dumps(following).decode(), str(following["id"]))
        box.remove(letter)
    print("Put away." if event else "Put away. It told of nothing that others could wait for.")
    return 0


def _wanted(given: Namespace) -> Wanted:
    return Wanted(ids=tuple(given.id or ()), name=given.type, reason=given.reason, since=given.since, until=given.until)


def _one(letters: Sequence[Letter], event_id: str) -> Letter:
    found = Wanted(ids=(event_id,)).choose(letters)
    if not found:
        raise CannotDo(f"No dead letter {event_id}.")
    return found[0]


def _refuse_alone(desk: Desk, count: int, second: str) -> None:
    if count > MANY and second in {"", desk.operator}:
        raise CannotDo(f"{count} letters are more than {MANY}: a second person agrees by --seconded-by NAME.")


def _given_up(letter: Letter) -> Given | None:
    if letter.version is None or not letter.subject or letter.name == "unreadable":
        return None
    return Given(event_id=letter.event_id, source=letter.source, aggregate=letter.subject, version=letter.version)


def _facts(letter: Letter) -> list[tuple[str, object]]:
    return [
        ("event", letter.event_id),
        ("type", letter.name),
        ("about", letter.subject),
        ("version", letter.version),
        ("reason", letter.reason),
        ("attempts", letter.attempts),
        ("first failed", letter.first),
        ("last failed", letter.last),
    ]


def _waiting(desk: Desk, letter: Letter) -> int:
    parked = desk.worker.uow.kit.outbox.inbox_parked
    query = select(func.count()).where(parked.c.source == letter.source, parked.c.aggregate == letter.subject)
    with desk.worker.uow.database.reading() as session:
        return session.scalar(query) or 0
