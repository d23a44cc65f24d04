"""The gate: whoever logs in with ID-porten must be the person the form is about, or a parent of a child."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import g

from services.eprom.domain.representation import FilledOutBy
from services.eprom.pages.context import IS_PARENT, ONLY_ORDER, PID
from services.eprom.usecases.match_person import Match, match_person
from services.eprom.usecases.means import Means
from services.eprom.usecases.ports import OutsideUnavailable, Recipient
from shared.auth.claims import citizen_principal
from shared.auth.errors import ServiceUnavailable, SignInFailed
from shared.auth.oidc_client import Claims
from shared.auth.principal import Principal

_FORM = re.compile(r"/form/([0-9a-f]{32})(?:[/?]|\Z)")
_NUMBER = "pid"  # ID-porten's name of the national number


@dataclass(frozen=True)
class Gate:
    """Compares the number of a log-in with the one registration has; both are forgotten at once."""

    means: Means

    def principal_of(self, claims: Claims) -> Principal:
        """The citizen; raises SignInFailed for everybody who may not answer the form, whatever the reason."""
        found, number = _FORM.match(claims.return_to), claims.body.get(_NUMBER)
        match = self._match(found[1], number) if found and isinstance(number, str) else None
        if found is None or match is None:
            raise SignInFailed("not_yours")
        g.matched, g.matched_order = match, found[1]
        return replace(citizen_principal(claims.body), name="", language=self._language(str(number)))

    def remember(self, _: Claims) -> Mapping[str, Any]:
        """What the session keeps: the pseudonym, never the number. A parent comes for one form of the child."""
        if g.matched.filled_out_by is FilledOutBy.PATIENT:
            return {PID: g.matched.pid}
        return {PID: g.matched.pid, ONLY_ORDER: g.matched_order, IS_PARENT: True}

    def _language(self, number: str) -> str | None:
        """The language the person has chosen in KRR; a register that does not answer keeps nobody out."""
        try:
            return self.means.codes.contacts.look_up(Recipient(number)).language
        except OutsideUnavailable:
            return None

    def _match(self, order_id: str, number: str) -> Match | None:
        try:
            return match_person(order_id, number, recipients=self.means.recipients, uow=self.means.uow)
        except OutsideUnavailable as error:
            raise ServiceUnavailable("registration") from error
