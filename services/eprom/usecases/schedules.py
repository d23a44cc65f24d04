"""The message schedules of the registries, as the rules of eprom know them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

from services.eprom.domain.holidays import ClosedDays
from services.eprom.domain.national import DistributionRule, NationalForms, code_of
from services.eprom.domain.order import Waits
from services.eprom.domain.schedule import SECURE, Rule, Schedule, Trigger
from shared.forms.catalogue import registries
from shared.forms.definition import Code
from shared.forms.registry import Registry
from shared.forms.registry_rules import MessageSchedule, NationalEprom, Order, RegistryRules


@cache
def schedules() -> Mapping[str, Schedule]:
    """The schedule of every registry that sends anything, by key."""
    return {key: found for key, known in registries().items() if (found := schedule_of(known)) is not None}


def schedule_of(known: Registry) -> Schedule | None:
    """The schedule of a registry; a form whose owner has not supplied the wording cannot be ordered."""
    rules, messages = known.rules, known.rules.messages
    if messages is None:
        return None
    waits, withheld = rules.deadlines, frozenset(key for key in rules.forms["patient"] if known.form(key).lacks_wording)
    return Schedule(
        at=messages.at,
        rules=tuple(_rule(order) for order in messages.orders if order.form not in withheld),
        waits=Waits(
            reminder_days=waits.reminder_after_days,
            lock_days=waits.lock_after_days,
            paper_lock_days=waits.paper_lock_after_days,
        ),
        channels=messages.channels,
        not_answered_reason=_number(rules, "not_answered_reason", messages.not_answered_reason),
        died_reason=_number(rules, "died_reason", messages.died_reason),
        forms_of_type={kind.number: frozenset(kind.forms) for kind in rules.course_types},
        needs_inclusion=rules.inclusion is not None,
        closed=ClosedDays.named(messages.not_on),
        protected_channels=_protected(messages),
        national=_national(rules.key, messages.national_eprom),
        tries_for=timedelta(days=messages.try_for_days),
        withheld=withheld,
    )


def _national(key: str, told: NationalEprom | None) -> NationalForms | None:
    if told is None:
        return None
    rule = code_of(told.distribution, DistributionRule)
    if rule is None or rule is DistributionRule.NO_DISTRIBUTION:
        raise TypeError(f"{key} names no rule by which the national ePROM could reach anybody: {told.distribution}")
    return NationalForms(rule, told.forms)


def _protected(messages: MessageSchedule) -> frozenset[str]:
    """Without a word of the registry only those that need no address."""
    return SECURE if messages.protected_channels is None else frozenset(messages.protected_channels)


def _rule(order: Order) -> Rule:
    return Rule(
        form=order.form,
        trigger=Trigger(order.on),
        of=order.of,
        counts_from_end=order.from_question is not None,
        days_after=order.days_after,
        minutes_after=order.minutes_after,
        until_end=order.until_end,
    )


def _number(rules: RegistryRules, name: str, code: Code | None) -> int:
    if not isinstance(code, int):
        raise TypeError(f"{rules.key} sends forms and has no number as its {name}")
    return code
