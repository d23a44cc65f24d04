"""What tokens say: the same facts for the id token, the access token and the userinfo answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.identity.domain.sign_on import TWO_FACTOR, Facts, token_moment
from services.identity.domain.tokens import ACCESS_LIVES, new_token

ACCESS_TYPE, ID_TYPE, LOGOUT_TYPE = "at+jwt", "JWT", "logout+jwt"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


def person_claims(facts: Facts) -> dict[str, Any]:
    """Who the user is and in which role, without when and by what token."""
    claims: dict[str, Any] = {
        "sub": str(facts.user_id),
        "name": facts.name,
        "locale": facts.language,
        "language": facts.language,
        "role": facts.role.value,
        "registry": facts.place.registry,
    }
    return {**claims, "organisation": facts.place.organisation} if facts.place.organisation else claims


def id_claims(facts: Facts, *, issuer: str, client_id: str, nonce: str, now: datetime) -> dict[str, Any]:
    """The claims of an id token."""
    return {**_user_claims(facts, issuer=issuer, now=now), "aud": client_id, "azp": client_id, "nonce": nonce}


def access_claims(
    facts: Facts, *, issuer: str, client_id: str, scope: str, family: str, now: datetime
) -> dict[str, Any]:
    """The claims of a user's access token, good for the client's own service and for userinfo here."""
    more = {"aud": [client_id, "identity"], "client_id": client_id, "scope": scope, "kind": "user"}
    return {**_user_claims(facts, issuer=issuer, now=now), **more, "jti": new_token(), "grant_id": family}


def service_claims(*, issuer: str, client_id: str, audience: str, now: datetime) -> dict[str, Any]:
    """The claims of a service's access token."""
    return {
        "iss": issuer,
        "sub": client_id,
        "client_id": client_id,
        "aud": audience,
        "kind": "service",
        "jti": new_token(),
        **_times(now),
    }


def logout_claims(*, issuer: str, client_id: str, sid: str, user_id: int, now: datetime) -> dict[str, Any]:
    """The claims of a log-out told behind the browser's back."""
    return {
        "iss": issuer,
        "aud": client_id,
        "sub": str(user_id),
        "sid": sid,
        "jti": new_token(),
        "events": {LOGOUT_EVENT: {}},
        **_times(now),
    }


def _user_claims(facts: Facts, *, issuer: str, now: datetime) -> dict[str, Any]:
    return {
        "iss": issuer,
        "sid": facts.sid,
        "acr": TWO_FACTOR,
        "amr": list(facts.amr),
        "auth_time": int(facts.authenticated_at.timestamp()),
        **person_claims(facts),
        **_times(token_moment(now, facts.not_before)),
    }


def _times(now: datetime) -> dict[str, int]:
    return {"iat": int(now.timestamp()), "exp": int((now + ACCESS_LIVES).timestamp())}
