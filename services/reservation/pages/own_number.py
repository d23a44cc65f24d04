"""The citizen's own number: it comes with the log-in only, and stays in the session hashed and sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import session

from services.reservation.domain.errors import NotFound
from services.reservation.usecases.means import Means
from shared.auth.claims import citizen_principal
from shared.auth.errors import SignInFailed
from shared.auth.oidc_client import Claims
from shared.auth.principal import Principal
from shared.web.context import current_principal

_NUMBER = "pid"  # ID-porten's name of the national number
_HASH, _SEALED = "person_hash", "sealed_number"


@dataclass(frozen=True)
class OwnNumber:
    """Takes the number out of the log-in's claims."""

    means: Means

    def principal_of(self, claims: Claims) -> Principal:
        """The citizen, without a name; raises SignInFailed when the log-in tells no number."""
        if not isinstance(claims.body.get(_NUMBER), str):
            raise SignInFailed("no_number")
        return replace(citizen_principal(claims.body), name="")

    def remember(self, claims: Claims) -> Mapping[str, Any]:
        """What the session keeps: the hash of the block list, and the number closed."""
        number, subject = claims.body[_NUMBER], citizen_principal(claims.body).subject
        sealed = self.means.numbers.seal(number, place=f"session:{subject}")
        return {_HASH: self.means.numbers.hash_of(number), _SEALED: sealed.hex()}


def own_hash() -> str:
    """The one who is logged in, as the block list knows one; raises NotFound for anybody else than a citizen."""
    found: str | None = session.get(_HASH) if current_principal().is_signed_in else None
    if found is None:
        raise NotFound
    return found


def own_number(means: Means) -> str:
    """The number of the one who is logged in, to be sealed anew at once."""
    own_hash()
    return means.numbers.open(bytes.fromhex(session[_SEALED]), place=f"session:{current_principal().subject}")
