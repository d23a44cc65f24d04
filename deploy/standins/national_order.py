"""One order as the national ePROM takes it, read strictly: what the real one refuses is refused here."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deploy.standins.national_codes import WAYS, Rule, Way, read_code
from deploy.standins.national_forms import FORMS, FormState
from deploy.standins.refusals import Refused

_NEEDED = frozenset({"formid", "nationalid", "expirydate"})
_FIELDS = _NEEDED | {
    "reminderdate",
    "metadata",
    "dontstorecompletedforminpha",
    "distributionrule",
    "mustbesigned",
    "signingtext",
    "physicaladdress",
    "testmode",
    "onbehalfofnationalid",
}
_ADDRESS = frozenset({"fullname", "addressline1", "postalcode", "postalplace"})
_LENGTH = 11
_H_MONTHS, _FH_FROM = range(41, 53), 8


@dataclass(frozen=True, kw_only=True)
class CheckedOrder:
    """An order without faults; `expires_at` is in UTC."""

    form_id: str
    number: str
    expires_at: datetime
    rule: Rule
    has_address: bool
    is_test: bool
    on_behalf_of: str | None


def check_order(body: Any) -> CheckedOrder:
    """Read the body of an order; raises Refused with status 400."""
    given = _fields(body)
    rule = read_code(given.get("distributionrule", 0), Rule)
    if rule is None:
        raise _wrong("distributionRule is not one of the nine")
    is_signed = _switch(given, "mustbesigned")
    on_behalf_of = given.get("onbehalfofnationalid")
    if is_signed and rule is Rule.NO_DISTRIBUTION:
        raise _wrong("a form with a code cannot be signed")
    if is_signed and on_behalf_of is not None:
        raise _wrong("a form on behalf of somebody cannot be signed")
    _check_metadata(given.get("metadata"))
    _switch(given, "dontstorecompletedforminpha")
    return CheckedOrder(
        form_id=_form(given["formid"], rule),
        number=_number(given["nationalid"]),
        expires_at=_moment(given["expirydate"]),
        rule=rule,
        has_address=_has_address(given.get("physicaladdress")),
        is_test=_switch(given, "testmode"),
        on_behalf_of=None if on_behalf_of is None else _number(on_behalf_of),
    )


def _fields(body: Any) -> dict[str, Any]:
    if not isinstance(body, Mapping):
        raise _wrong("an order is a JSON object")
    given = {str(name).lower(): value for name, value in body.items()}
    if len(given) != len(body) or set(given) - _FIELDS:
        raise _wrong("the order has fields that are not known, or one twice")
    missing = [name for name in sorted(_NEEDED) if given.get(name) in (None, "")]
    if missing:
        raise _wrong(f"missing: {', '.join(missing)}")
    return given


def _form(value: Any, rule: Rule) -> str:
    try:
        form_id = str(uuid.UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise _wrong("formId is no GUID") from None
    form = FORMS.get(form_id)
    if form is None:
        raise _wrong("no form has this id")
    if form.state is not FormState.PUBLISHED:
        raise _wrong("the form is not published")
    if Way.PAPER in WAYS[rule] and not form.has_paper:
        raise _wrong("the form is not made for paper")
    return form_id


def _number(value: Any) -> str:
    if not (isinstance(value, str) and len(value) == _LENGTH and value.isascii() and value.isdigit()):
        raise _wrong("a national number is a text of eleven digits")
    if int(value[2:4]) in _H_MONTHS:
        raise _wrong("an H-number cannot be used")
    if int(value[0]) >= _FH_FROM:
        raise _wrong("an FH-number cannot be used")
    return value


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _wrong("expiryDate is no moment") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _check_metadata(value: Any) -> None:
    if value is None:
        return
    try:
        is_object = isinstance(value, str) and isinstance(json.loads(value), dict)
    except ValueError:
        is_object = False
    if not is_object:
        raise _wrong("metadata is a text that holds a JSON object")


def _has_address(value: Any) -> bool:
    if value is None:
        return False
    if not isinstance(value, Mapping) or {str(name).lower() for name in value} != _ADDRESS:
        raise _wrong("physicalAddress has fullName, addressLine1, postalCode and postalPlace")
    if not all(isinstance(part, str) for part in value.values()):
        raise _wrong("every part of the address is a text")
    return True


def _switch(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise _wrong(f"{name} is true or false")
    return value


def _wrong(reason: str) -> Refused:
    return Refused(400, "bad_order", reason)
