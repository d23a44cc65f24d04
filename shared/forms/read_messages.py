"""Reads the parts of registry.yaml about messages, deadlines and paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time

from shared.forms.reading import Node
from shared.forms.registry_rules import (
    Basis,
    ClosedDay,
    Deadlines,
    MessageSchedule,
    NationalEprom,
    Order,
    PaperStart,
    Place,
    Trigger,
)
from shared.forms.representation import read_representation

PAPER = "paper"

LONGEST_TRY_DAYS = 30


def read_messages(node: Node) -> MessageSchedule | None:
    """The message schedule, if the registry sends anything."""
    inner = node.node("messages")
    if inner is None:
        return None
    dispatch = inner.node("dispatch", needed=True)
    schedule = MessageSchedule(
        at=_time(dispatch) if dispatch else time(),
        zone=dispatch.string("zone", needed=True) if dispatch else "",
        orders=tuple(_order(item) for item in inner.nodes("orders", needed=True)),
        not_answered_reason=inner.take("not_answered_reason", (int, str)),
        died_reason=inner.take("died_reason", (int, str)),
        stop_reasons=tuple(inner.take("stop_reasons", list) or ()),
        close_all_reasons=tuple(inner.take("close_all_reasons", list) or ()),
        channels=_channels(inner),
        not_on=_closed_days(inner),
        try_for_days=_try_for_days(inner),
        protected_channels=_protected_channels(inner),
        national_eprom=_national(inner),
        representation=read_representation(inner),
    )
    if dispatch:
        dispatch.close()
    inner.close(also=("reminder_after_days", "lock_after_days", "paper_lock_after_days"))
    return schedule


def _channels(node: Node) -> tuple[str, ...]:
    """The channels in the order they are tried; paper is the last way, and gives the patient longer."""
    channels = tuple(node.take("channels", list) or ())
    if PAPER in channels[:-1]:
        node.flaw("channels", f"has {PAPER} before another channel: {channels!r}")
    if (PAPER in channels) != (node.integer("paper_lock_after_days") > 0):
        node.flaw("paper_lock_after_days", f"is set, and above 0, when {PAPER} is among the channels and only then")
    return channels


def _national(node: Node) -> NationalEprom | None:
    inner = node.node("national_eprom")
    forms = inner.node("forms", needed=True) if inner else None
    if inner is None or forms is None:
        return None
    found = NationalEprom(
        distribution=inner.string("distribution", "Basic"),
        forms={str(form): forms.string(form, needed=True) for form in forms.names()},
    )
    forms.close()
    inner.close()
    return found


def _closed_days(node: Node) -> tuple[ClosedDay, ...]:
    days = node.take("not_on", list) or []
    unknown = [day for day in days if day not in set(ClosedDay)]
    if unknown or set(ClosedDay) - {ClosedDay.HOLIDAYS} <= set(days):
        node.flaw("not_on", f"leaves no day, or names none of {', '.join(ClosedDay)}: {days!r}")
        return ()
    return tuple(ClosedDay(day) for day in days)


def _protected_channels(node: Node) -> tuple[str, ...] | None:
    """The channels that may reach a person whose address is protected; None where the file names none."""
    if not node.has("protected_channels"):
        return None
    wanted, channels = node.take("protected_channels", list) or [], node.take("channels", list) or []
    if not set(wanted) <= set(channels) - {PAPER}:
        node.flaw("protected_channels", f"names a channel that needs an address, or is not used: {wanted!r}")
    return tuple(wanted)


def _try_for_days(node: Node) -> int:
    days = node.integer("try_for_days", 7)
    if not 1 <= days <= LONGEST_TRY_DAYS:
        node.flaw("try_for_days", f"is not from 1 to {LONGEST_TRY_DAYS}: {days}")
    return days


def _time(node: Node) -> time:
    written = node.string("at", needed=True)
    try:
        return time.fromisoformat(written)
    except ValueError:
        node.flaw("at", f"is not a time of the day: {written!r}")
        return time()


def _order(node: Node) -> Order:
    order = Order(
        form=node.string("form", needed=True),
        on=node.one_of("on", Trigger) or Trigger.COURSE_OPENED,
        of=node.string("of") or None,
        from_question=node.string("from_question") or None,
        days_after=node.integer("days_after"),
        minutes_after=node.integer("minutes_after"),
        until_end=node.flag("until_end"),
    )
    node.close()
    if (order.on is Trigger.FORM_FINALISED) != bool(order.of) or (order.from_question and not order.of):
        node.flaw("of", "names the form whose finalising orders this one")
    return order


def read_deadlines(node: Node) -> Deadlines:
    """Days until reminder and lock, and for paper; 0 where the registry has no such thing."""
    messages = node.node("messages")
    paper = node.node("paper")
    return Deadlines(
        reminder_after_days=messages.integer("reminder_after_days") if messages else 0,
        lock_after_days=messages.integer("lock_after_days") if messages else 0,
        paper_lock_after_days=messages.integer("paper_lock_after_days") if messages else 0,
        paper_days=paper.integer("days", needed=True) if paper else 0,
    )


def read_paper(node: Node) -> Mapping[str, PaperStart]:
    """For each paper form the date its days are counted from; places without a form are filled in by the caller."""
    inner = node.node("paper")
    starts = inner.node("from", needed=True) if inner else None
    if inner is None or starts is None:
        return {}
    found = {str(form): _start(starts, form) for form in starts.names()}
    inner.close(also=("days",))
    return found


def _start(node: Node, key: str) -> PaperStart:
    inner = node.node(key, needed=True)
    if inner is None:
        return PaperStart({})
    if inner.has("form"):
        place = Place(inner.string("form"), inner.string("question", needed=True))
        inner.close()
        return PaperStart(dict.fromkeys(Basis, place))
    by_basis = {basis: Place("", inner.string(basis)) for basis in Basis if inner.has(basis)}
    inner.close()
    return PaperStart(by_basis)
