"""Send forms, or their reminders, each through the first channel that takes it; each message once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.eprom.domain.deadlines import oslo_date
from services.eprom.domain.links import letter_code, link_token, token_hash
from services.eprom.domain.national import NATIONAL
from services.eprom.domain.reach import PAPER, Attempt, Outcome, ReachCode
from services.eprom.domain.representation import reader_sign, signed_token
from services.eprom.domain.schedule import Schedule
from services.eprom.store.store import Store
from services.eprom.store.tables import OrderRow
from services.eprom.usecases.messages import FIRST, REST, send_batch, send_one
from services.eprom.usecases.note_sending import (
    CONTACT_REGISTER,
    REGISTRATION,
    WANTED,
    Message,
    Tried,
    after,
    message_id_of,
    note_gone,
    note_tried,
)
from services.eprom.usecases.ports import (
    Channel,
    Contact,
    ContactRegister,
    Letter,
    NationalForm,
    OutsideUnavailable,
    PaperForm,
    Recipient,
    RecipientGone,
    Recipients,
    ToldLater,
)
from services.eprom.usecases.to_parents import Walk, nobody_answers, to_parents
from services.eprom.usecases.try_channel import try_channel
from shared.observability.faults import crash_point
from shared.observability.log import get_logger
from shared.outbox.unit_of_work import UnitOfWork
from shared.scheduling.jobs import JobWaits

_log = get_logger(__name__)
# Less than a job's lease: whoever takes a job over finds its orders free again.
_CLAIMED, _LONGEST = timedelta(minutes=4), timedelta(minutes=3)


@dataclass(frozen=True)
class Words:
    """What a message says; the same for every registry and form."""

    title: str
    text: str
    button: str


@dataclass(frozen=True)
class Post:
    """Everything that sending needs besides the database."""

    recipients: Recipients
    contacts: ContactRegister
    channels: Mapping[str, Channel]
    link_key: bytes
    link_url: Callable[[str], str]
    words: Callable[[str, str], Words]  # kind, language
    schedule: Callable[[str], Schedule]  # registry


@dataclass(frozen=True)
class _Task:
    """A message, to whom it goes, and until when the form is open."""

    message: Message
    pid: int
    course_id: int
    form: str
    asked_channel: str | None
    closes_at: datetime
    paper: PaperForm | None


@dataclass(frozen=True)
class _Address:
    """Whom a message reaches and how; used and forgotten."""

    recipient: Recipient
    contact: Contact
    parents: tuple[_Address, ...] | None = None  # of a child they answer for


def send_form(order_id: str, kind: str, *, post: Post, uow: UnitOfWork[Store]) -> None:
    """Send one message of an order, if it is still wanted; raises OutsideUnavailable or JobWaits to be tried again."""
    for _, tried in _send([order_id], kind, post, uow):
        if tried is not None and tried.fault is not None and not isinstance(tried.fault, ToldLater):
            raise tried.fault


def send_forms(order_ids: Sequence[str], kind: str, *, post: Post, uow: UnitOfWork[Store]) -> None:
    """Send one message of each order; whoever an outage keeps back is tried again alone.

    The contact register is asked once for all. What is not done in three minutes becomes a batch of its own. Raises
    JobWaits while another job sends some of them.
    """
    began, left = uow.clock.now(), list(order_ids)
    try:
        for order_id, tried in _send(order_ids, kind, post, uow):
            left.remove(order_id)
            if tried is not None and tried.fault is not None and not isinstance(tried.fault, ToldLater):
                with uow() as store:
                    send_one(store, order_id, kind)
            if left and uow.clock.now() - began > _LONGEST:
                with uow() as store:  # when they are nobody's any more
                    send_batch(store, left, kind, began + _CLAIMED)
                return
    except JobWaits:
        raise
    except Exception as error:  # noqa: BLE001 - one broken order must not hold up the others; its own job tells of it
        _log.warning("batch broken off", left=len(left), error=type(error).__name__)
        with uow() as store:
            for order_id in left:
                send_one(store, order_id, kind, at=began + _CLAIMED)


def _send(
    order_ids: Sequence[str], kind: str, post: Post, uow: UnitOfWork[Store]
) -> Iterator[tuple[str, Tried | None]]:
    """Send to all; yields each order when it is noted what came of its message, None when it went nowhere."""
    tasks, held = _claimed(order_ids, kind, post, uow)
    for task, found in zip(tasks, _addresses(tasks, post), strict=True):
        tried = None
        if isinstance(found, RecipientGone):
            note_gone(task.message, uow)
        elif _is_wanted(task.message, uow):
            tried = found if isinstance(found, Tried) else _deliver(task, found, post, uow)
            crash_point("send_form.after_channel")
            note_tried(task.message, tried, uow)
        yield task.message.order_id, tried
    if held:
        raise JobWaits("another job is sending it")


def _claimed(order_ids: Sequence[str], kind: str, post: Post, uow: UnitOfWork[Store]) -> tuple[list[_Task], int]:
    """Take the orders whose message is wanted now; nobody else sends them meanwhile. And how many others hold."""
    with uow() as store:
        held = store.count_in(order_ids, WANTED[kind])
        rows = store.claim(order_ids, WANTED[kind], store.now + _CLAIMED)
        known = store.sent_among([message_id_of(row.order_id, kind) for row in rows])
        tasks = []
        for row in rows:
            schedule = post.schedule(row.registry_key)
            is_open = row.asked_channel is not None or schedule.sends_on(oslo_date(store.now))
            if is_open and message_id_of(row.order_id, kind) not in known:
                tasks.append(_task(row, kind, schedule, store.now, post))
            else:
                row.claimed_until = None
        return tasks, held - len(rows)


def _task(row: OrderRow, kind: str, schedule: Schedule, now: datetime, post: Post) -> _Task:
    lock_at = (row.lock_at if kind == REST else after(row, kind, now, schedule).lock_at) or now
    link, code = (token_hash(made(post.link_key, row.order_id)) for made in (link_token, letter_code))
    message = Message(row.order_id, kind, link, code, schedule)
    asked = NATIONAL if row.channel == NATIONAL else row.asked_channel  # no other channel leads to their form
    paper = _paper_form(row, now, schedule, post) if kind == FIRST and PAPER in schedule.channels else None
    return _Task(message, row.pid, row.course_id, row.form, asked, lock_at - timedelta(seconds=1), paper)


def _paper_form(row: OrderRow, now: datetime, schedule: Schedule, post: Post) -> PaperForm:
    """What a letter on paper would say; there is none that reminds."""
    code = letter_code(post.link_key, row.order_id)
    lock_at = after(row, FIRST, now, schedule, PAPER).lock_at or now
    link, closes_at = post.link_url(code), lock_at - timedelta(seconds=1)
    return PaperForm(row.pid, row.course_id, code, link, oslo_date(now), closes_at)


def _is_wanted(message: Message, uow: UnitOfWork[Store]) -> bool:
    """Whether nobody has stopped the order while others of its batch were sent."""
    with uow.reading() as store:
        return store.state_of(message.order_id) == WANTED[message.kind]


def _addresses(tasks: Sequence[_Task], post: Post) -> list[_Address | RecipientGone | Tried]:
    """For each task the address, or why there is none."""
    found = _recipients(tasks, post)
    known = [one for one in found if isinstance(one, Recipient)]
    readers = [reader for one in known for reader in ((one,) if one.representatives is None else one.representatives)]
    try:
        contacts = iter(post.contacts.look_up_all(readers) if readers else ())
    except OutsideUnavailable as error:
        outage = _outage(CONTACT_REGISTER, error)
        return [outage if isinstance(one, Recipient) else one for one in found]
    return [_address(one, contacts) if isinstance(one, Recipient) else one for one in found]


def _address(one: Recipient, contacts: Iterator[Contact]) -> _Address | Tried:
    if one.representatives is None:
        return _Address(one, next(contacts))
    if not one.representatives:
        return nobody_answers(one)
    parents = tuple(_Address(parent, next(contacts)) for parent in one.representatives)
    return _Address(one, Contact(parents[0].contact.language, email=None, mobile=None), parents)


def _recipients(tasks: Sequence[_Task], post: Post) -> list[Recipient | RecipientGone | Tried]:
    """Who each task is for; after the first outage nobody is asked for any more."""
    found: list[Recipient | RecipientGone | Tried] = []
    for task in tasks:
        if found and isinstance(found[-1], Tried):
            found.append(found[-1])
            continue
        try:
            found.append(post.recipients.look_up(task.pid, task.course_id))
        except RecipientGone as gone:
            found.append(gone)
        except OutsideUnavailable as error:
            found.append(_outage(REGISTRATION, error))
    return found


def _outage(where: str, error: OutsideUnavailable) -> Tried:
    return Tried([Attempt(where, Outcome.OUTAGE, ReachCode.REGISTER_OUTAGE)], fault=error)


def _deliver(task: _Task, address: _Address, post: Post, uow: UnitOfWork[Store]) -> Tried:
    names, language = task.message.schedule.channels_for(task.asked_channel), address.contact.language
    if address.parents is None:
        return _walk(task, address, _letter(task, language, post), names, post)

    def walk(reader: _Address, sign: str) -> Walk:
        letter = _parents_letter(task, reader.contact.language, sign, post)
        return lambda some: _walk(task, reader, letter, some, post)

    signs = [reader_sign(post.link_key, task.message.order_id, one.recipient.number) for one in address.parents]
    parents = {task.message.id_for(sign): walk(one, sign) for sign, one in zip(signs, address.parents, strict=True)}
    with uow.reading() as store:
        sent = store.sent_among(list(parents))
    return to_parents(names, walk(address, ""), parents, sent)


def _walk(task: _Task, address: _Address, letter: Letter, names: Sequence[str], post: Post) -> Tried:
    schedule, recipient, attempts = task.message.schedule, address.recipient, list[Attempt]()
    for name in names:
        if name == PAPER and letter.paper is None:
            continue
        if recipient.is_protected and name not in schedule.protected_channels:
            attempts.append(Attempt(name, Outcome.NOT_REACHED, ReachCode.PROTECTED_ADDRESS))
            continue
        attempt, fault = try_channel(post.channels[name], recipient, address.contact, letter)
        attempts.append(attempt)
        if fault is not None or attempt.outcome is Outcome.TAKEN:
            return Tried(attempts, None if fault else name, fault)
    return Tried(attempts)


def _letter(task: _Task, language: str, post: Post) -> Letter:
    words = post.words(task.message.said, language)
    return Letter(
        message_id=task.message.message_id,
        title=words.title,
        text=words.text,
        link=post.link_url(link_token(post.link_key, task.message.order_id)),
        button=words.button,
        closes_at=task.closes_at,
        national=_national_form(task),
        paper=task.paper,
    )


def _parents_letter(task: _Task, language: str, sign: str, post: Post) -> Letter:
    """The letter about a child; with a sign it is one parent's own, with a link and an id of its own."""
    words, letter = post.words(f"{task.message.said}_parent", language), _letter(task, language, post)
    letter = replace(letter, title=words.title, text=words.text, button=words.button, paper=None)
    if not sign:
        return letter
    link = post.link_url(signed_token(link_token(post.link_key, task.message.order_id), sign))
    return replace(letter, message_id=task.message.id_for(sign), link=link, national=None)


def _national_form(task: _Task) -> NationalForm | None:
    """What the national ePROM would send; it has no reminders, and not every form."""
    known = task.message.schedule.national
    form_id = known.forms.get(task.form) if known is not None and task.message.kind == FIRST else None
    return NationalForm(task.message.order_id, form_id, known.rule) if known is not None and form_id else None
