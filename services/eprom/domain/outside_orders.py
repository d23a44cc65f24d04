"""Orders that other registries place here by the national interface: which forms, by which ways, told how."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.eprom.domain.errors import RuleBroken
from services.eprom.domain.national import DistributionRule, NotificationChannel, code_of

# The course of an outside order; its pid is the claim that stands for a number, negative, so that it is nobody's PID.
OUTSIDE = 0
OUTSIDE_NEWS_JOB, OUTSIDE_EXPIRY_JOB = "outside_news", "outside_expiry"
# Reached or not, answered or over: what an orderer is told of.
TOLD_STATES = frozenset({"sent", "answered", "expired", "stopped", "failed", "unreachable"})
_FORM_SPACE = uuid.UUID("0a3c5d1e-64f7-4c0b-8f6c-3f3a0a4a9b11")
_LENGTH = 11
_H_MONTHS, _FH_FROM = range(41, 53), 8
_HELSENORGE, _DIGIPOST, _EMAIL_SMS = "helsenorge", "digipost", "email_sms"
CHANNELS: Mapping[str, tuple[str, ...]] = {
    DistributionRule.BASIC: (_HELSENORGE, _DIGIPOST),
    DistributionRule.ALLOW_UNSECURE: (_HELSENORGE, _DIGIPOST, _EMAIL_SMS),
    DistributionRule.HELSENORGE_ONLY: (_HELSENORGE,),
    DistributionRule.DIGITAL_MAILBOX_ONLY: (_DIGIPOST,),
    DistributionRule.UNSECURE_ONLY: (_EMAIL_SMS,),
}
WAYS: Mapping[str, NotificationChannel] = {
    _HELSENORGE: NotificationChannel.HELSENORGE,
    _DIGIPOST: NotificationChannel.DIGITAL_MAILBOX,
    _EMAIL_SMS: NotificationChannel.UNSECURE,
}
_NEEDED = frozenset({"formid", "nationalid", "expirydate"})


@dataclass(frozen=True)
class CatalogueForm:
    """A published version of a patient form; the newest one is offered, if its owner's wording is there."""

    registry: str
    form: str
    version: int
    is_offered: bool = True


@dataclass(frozen=True, kw_only=True)
class OutsideRequest:
    """What another registry asks for; `number` is handed on at once and kept nowhere."""

    form: CatalogueForm
    number: str
    expires_at: datetime
    rule: DistributionRule

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "OutsideRequest(...)"


def form_id(registry: str, form: str, version: int) -> str:
    """The id of a published version in our catalogue; the same wherever and whenever it is asked for."""
    return str(uuid.uuid5(_FORM_SPACE, f"{registry}/{form}/{version}"))


def orderer_key(secret: bytes, name: str, salt: str) -> str:
    """The key of an orderer: made anew when we call them, as they know us by it too, and kept only as a hash."""
    digest = hmac.new(secret, f"orderer\0{name}\0{salt}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def read_request(body: object, catalogue: Mapping[str, CatalogueForm], now: datetime) -> OutsideRequest:
    """The request; raises RuleBroken for what is malformed, not published, or not done here."""
    if not isinstance(body, Mapping):
        raise RuleBroken("not_an_object")
    given = {str(name).lower(): value for name, value in body.items()}
    if any(given.get(name) in (None, "") for name in _NEEDED):
        raise RuleBroken("field_missing")
    _refuse_what_is_not_done(given)
    return OutsideRequest(
        form=_form(given["formid"], catalogue),
        number=_number(given["nationalid"]),
        expires_at=_expiry(given["expirydate"], now),
        rule=_rule(given.get("distributionrule", 0)),
    )


def _refuse_what_is_not_done(given: Mapping[str, Any]) -> None:
    if given.get("mustbesigned") or given.get("testmode") or given.get("onbehalfofnationalid"):
        raise RuleBroken("not_supported")
    metadata = given.get("metadata")
    try:
        is_fit = metadata is None or (isinstance(metadata, str) and isinstance(json.loads(metadata), dict))
    except ValueError:
        is_fit = False
    if not is_fit:
        raise RuleBroken("metadata_not_json")


def _form(value: object, catalogue: Mapping[str, CatalogueForm]) -> CatalogueForm:
    found = catalogue.get(str(value).lower())
    if found is None:
        raise RuleBroken("form_unknown")
    if not found.is_offered:
        raise RuleBroken("form_not_published")
    return found


def _number(value: object) -> str:
    if not (isinstance(value, str) and len(value) == _LENGTH and value.isascii() and value.isdigit()):
        raise RuleBroken("number_malformed")
    if int(value[2:4]) in _H_MONTHS or int(value[0]) >= _FH_FROM:
        raise RuleBroken("number_of_a_kind_not_taken")
    return value


def _expiry(value: object, now: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise RuleBroken("expiry_malformed") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment <= now:
        raise RuleBroken("expiry_is_over")
    return moment.astimezone(UTC)


def _rule(value: object) -> DistributionRule:
    rule = code_of(value, DistributionRule)
    if rule is None or rule not in CHANNELS:
        raise RuleBroken("rule_not_supported")
    return rule
