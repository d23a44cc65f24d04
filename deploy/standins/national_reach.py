"""How the national ePROM reaches a person today: the rule's ways against the person's flags."""

from __future__ import annotations

from datetime import date

from deploy.standins.contact_facts import contact_facts
from deploy.standins.national_codes import WAYS, Rule, Way
from deploy.standins.persons import OWN_AGE, Protection, StandinPerson, age_on

_MAILBOX_AGE, _UNSECURE_AGE = 18, 13


def way_to(
    person: StandinPerson, rule: Rule, today: date, *, has_address: bool, is_research_refused: bool, by_parent: bool
) -> Way | None:
    """Return the first way of the rule that works, or None; nobody is told why the others did not.

    With `by_parent` a parent is active at Helsenorge for a child that may not be so itself.
    """
    open_ways = _open_ways(person, today) | ({Way.HELSENORGE} if by_parent else set())
    if is_research_refused:  # Helsenorge keeps research from who does not want it; the other ways are not covered
        open_ways -= {Way.HELSENORGE}
    if person.died_on is None and (has_address or person.protection is Protection.UNCLASSIFIED):
        open_ways |= {Way.PAPER}
    return next((way for way in WAYS[rule] if way in open_ways), None)


def _open_ways(person: StandinPerson, today: date) -> set[Way]:
    facts, age = contact_facts(person, today), age_on(person, today)
    if not facts.may_be_notified:
        return set()
    found = set()
    if person.is_on_helsenorge and age >= OWN_AGE:
        found.add(Way.HELSENORGE)
    if person.has_mailbox and age >= _MAILBOX_AGE:
        found.add(Way.MAILBOX)
    if (facts.email or facts.mobile) and age >= _UNSECURE_AGE:
        found.add(Way.UNSECURE)
    return found
