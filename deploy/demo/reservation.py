"""Reservation's part of the demo: cases of the last weeks, through reservation's own use cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

from deploy.demo.plan import planned_persons
from deploy.demo.users import NORPAIN, SMERTEREG, user_with
from deploy.standins.app import create_app as standins
from deploy.standins.idporten.tokens import pairwise
from deploy.standins.parts import parts as standin_parts
from deploy.standins.persons import Part, StandinPerson
from deploy.standins.settings import StandinSettings
from services.reservation.app import Parts, build
from services.reservation.domain.case import RECEIPTS_OF_ERASURE, Channel
from services.reservation.settings import Settings
from services.reservation.usecases.confirm import confirm
from services.reservation.usecases.ports import Letter
from services.reservation.usecases.post_letter import note_posted
from services.reservation.usecases.reserve import reserve, take_back
from services.reservation.usecases.send_letter import send_letter
from shared.auth.principal import Kind, Principal
from shared.scheduling.clock import FixedClock, make_clock, today

_ADULT_YEARS, _MORNING = 18, time(8, 40, tzinfo=UTC)
_ANSWERED_AFTER, _DONE_AFTER = timedelta(minutes=1), timedelta(days=3)


class Ending(Enum):
    """How far a case has come."""

    RECEIVED = "the services answer when they start"
    CLOSED = "everything is erased, the letter goes out by mailbox"
    TO_PRINT = "everything is erased, the letter waits for the printer"
    POSTED = "the letter is out by post"
    TAKEN_BACK = "the person has changed her mind since"


@dataclass(frozen=True, kw_only=True)
class PlannedCase:
    """One reservation to be made."""

    registry: str
    person: StandinPerson
    received_on: date
    channel: Channel
    ending: Ending


_BY_MAILBOX = frozenset({Ending.CLOSED, Ending.TAKEN_BACK})
# Days back, from the oldest; with 27 of them the deadline is three days off.
_STORIES = (
    (38, SMERTEREG, Channel.CITIZEN_PAGE, Ending.CLOSED),
    (34, SMERTEREG, Channel.PAPER, Ending.POSTED),
    (30, NORPAIN, Channel.HELSENORGE, Ending.CLOSED),
    (27, SMERTEREG, Channel.PAPER, Ending.TO_PRINT),
    (20, SMERTEREG, Channel.CITIZEN_PAGE, Ending.TAKEN_BACK),
    (17, NORPAIN, Channel.LETTER, Ending.POSTED),
    (11, SMERTEREG, Channel.HELSENORGE, Ending.CLOSED),
    (8, NORPAIN, Channel.EMAIL, Ending.POSTED),
    (6, SMERTEREG, Channel.PAPER, Ending.TO_PRINT),
    (2, NORPAIN, Channel.EMAIL, Ending.RECEIVED),
    (1, SMERTEREG, Channel.CITIZEN_PAGE, Ending.RECEIVED),
)
# What comes to the secretariat, which writes it down.
_BY_SECRETARIAT = frozenset({Channel.PAPER, Channel.EMAIL, Channel.LETTER})


def planned_cases(people: Sequence[StandinPerson], day: date) -> Iterator[PlannedCase]:
    """The cases, oldest first, of grown-up people whom the registry knows nothing about."""
    registered = {person.id for person in planned_persons(people, day)}
    free = [person for person in people if person.id not in registered and _may_reserve(person, day)]
    for days, registry, channel, ending in _STORIES:
        person = next(person for person in free if person.has_mailbox is (ending in _BY_MAILBOX))
        free.remove(person)
        received_on = day - timedelta(days=days)
        yield PlannedCase(registry=registry, person=person, received_on=received_on, channel=channel, ending=ending)


def load_reservation(env: Mapping[str, str]) -> None:
    """Reservations in several states; the services hear of them as of any other."""
    settings = Settings.from_env(env)
    outside = standins(StandinSettings.from_env(env))
    with outside.app_context():
        people = standin_parts().people.all()
    day = today(make_clock(settings.clock_file))
    clock = FixedClock(datetime.combine(day, _MORNING))
    parts = build(settings, clock)
    with outside.app_context():
        for plan in planned_cases(people, day):
            clock.move(datetime.combine(plan.received_on, _MORNING) - clock.now())
            _make(plan, clock, parts)


def _make(plan: PlannedCase, clock: FixedClock, parts: Parts) -> None:
    means, number = parts.means, plan.person.number
    citizen = Principal(kind=Kind.CITIZEN, subject=pairwise("reservation", number))
    by = user_with("SECRETARIAT", plan.registry) if plan.channel in _BY_SECRETARIAT else citizen
    facts = {"channel": plan.channel, "language": "nb", "by": by}
    case_id = reserve(plan.registry, number, **facts, numbers=means.numbers, uow=means.uow)  # type: ignore[arg-type]
    if plan.ending is Ending.RECEIVED:
        return
    clock.move(_ANSWERED_AFTER)
    for service in sorted(RECEIPTS_OF_ERASURE):
        confirm(case_id, service, uow=means.uow)
    if plan.ending not in _BY_MAILBOX:
        send_letter(case_id, mailbox=_NoMailbox(), numbers=means.numbers, registries=means.registries, uow=means.uow)
    clock.move(_DONE_AFTER)
    if plan.ending is Ending.POSTED:
        note_posted(case_id, by=by, uow=means.uow)
    if plan.ending is Ending.TAKEN_BACK:
        person_hash = means.numbers.hash_of(number)
        take_back(plan.registry, person_hash, channel=Channel.CITIZEN_PAGE, by=citizen, uow=means.uow)


class _NoMailbox:
    """What Digipost says of somebody without a mailbox."""

    def send(self, number: str, letter: Letter) -> bool:  # noqa: ARG002 - the port's
        """Tell that there is none."""
        return False


def _may_reserve(person: StandinPerson, day: date) -> bool:
    is_adult = date.fromisoformat(person.birth_on) < day - timedelta(days=366 * _ADULT_YEARS)
    return is_adult and person.part is Part.PATIENT and person.died_on is None and not person.note
