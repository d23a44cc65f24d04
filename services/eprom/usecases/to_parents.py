"""Send one form of a child to each parent who answers for it, through the channels of each; each message once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from services.eprom.domain.national import NATIONAL
from services.eprom.domain.reach import Attempt, Outcome, ReachCode
from services.eprom.usecases.note_sending import REGISTRATION, Tried
from services.eprom.usecases.ports import LastingFault, OutsideUnavailable, Recipient

# What they are given lies under the child; those who may answer for it find it there, and are told of it.
UNDER_CHILD = frozenset({"helsenorge", NATIONAL})
Walk = Callable[[Sequence[str]], Tried]


def to_parents(names: Sequence[str], under_child: Walk, parents: Mapping[str, Walk], sent: Collection[str]) -> Tried:
    """Try the channels `names`: first those under the child, then each parent's own.

    `parents` go through channels for one parent each, by the id of the parent's message; those in `sent` have theirs.
    What one parent was sent counts as sent, and what an outage keeps back from the other is `left`.
    """
    tried = under_child([name for name in names if name in UNDER_CHILD])
    if tried.channel is not None or tried.fault is not None:
        return tried
    own = [name for name in names if name not in UNDER_CHILD]
    found = {message_id: walk(own) for message_id, walk in parents.items() if message_id not in sent}
    attempts = [replace(one, message_id=of) for of, tried in found.items() for one in tried.attempts]
    taken = {message_id: tried.channel for message_id, tried in found.items() if tried.channel is not None}
    fault = _worst([tried.fault for tried in found.values() if tried.fault is not None])
    return Tried(
        [*tried.attempts, *attempts],
        channel=next(iter(taken.values()), None),
        fault=None if taken else fault,
        to_parents=taken,
        is_left=bool(taken) and fault is not None and not isinstance(fault, LastingFault),
    )


def nobody_answers(child: Recipient) -> Tried:
    """What came of a message about a child for whom nobody may answer."""
    code = ReachCode.PROTECTED_ADDRESS if child.is_protected else ReachCode.NO_REPRESENTATIVE
    return Tried([Attempt(REGISTRATION, Outcome.NOT_REACHED, code)])


def _worst(faults: Sequence[OutsideUnavailable]) -> OutsideUnavailable | None:
    """The fault to wait for; one that lasts only where there is no other."""
    passing = [fault for fault in faults if not isinstance(fault, LastingFault)]
    return next(iter([*passing, *faults]), None)
