"""The message schedules of the registries, as the rules of eprom know them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from services.eprom.domain.order import Waits
from services.eprom.domain.schedule import Rule, Schedule, Trigger
from shared.forms.catalogue import registries
from shared.forms.registry_rules import MessageSchedule, Order, RegistryRules


@cache
def schedules() -> Mapping[str, Schedule]:
    """The schedule of every registry that sends anything, by key."""
    rules = {key: registry.rules for key, registry in registries().items()}
    return {key: _schedule(told, told.messages) for key, told in rules.items() if told.messages is not None}


def _schedule(rules: RegistryRules, messages: MessageSchedule) -> Schedule:
    waits = rules.deadlines
    return Schedule(
        at=messages.at,
        rules=tuple(_rule(order) for order in messages.orders),
        waits=Waits(reminder_days=waits.reminder_after_days, lock_days=waits.lock_after_days),
        channels=messages.channels,
        not_answered_reason=_reason(rules, messages),
        forms_of_type={kind.number: frozenset(kind.forms) for kind in rules.course_types},
        needs_inclusion=rules.inclusion is not None,
    )


def _rule(order: Order) -> Rule:
    return Rule(
        form=order.form,
        trigger=Trigger(order.on),
        of=order.of,
        counts_from_end=order.from_question is not None,
        days_after=order.days_after,
        minutes_after=order.minutes_after,
    )


def _reason(rules: RegistryRules, messages: MessageSchedule) -> int:
    if not isinstance(messages.not_answered_reason, int):
        raise TypeError(f"{rules.key} sends forms and has no number for those nobody answers")
    return messages.not_answered_reason
