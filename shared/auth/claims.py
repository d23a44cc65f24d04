"""From the signed claims of a log-in service to a principal."""

from collections.abc import Mapping
from typing import Any

from shared.auth.errors import TokenRefused
from shared.auth.principal import Kind, Principal, Role
from shared.auth.signed import moment_of

LARGEST_ID = 2**31


def user_principal(claims: Mapping[str, Any]) -> Principal:
    """Return the user that identity's token speaks of; raises TokenRefused for claims identity never makes."""
    if not _subject(claims).isdecimal():
        raise TokenRefused("subject")
    role = _text(claims, "role")
    if role is not None and role not in {known.value for known in Role}:
        raise TokenRefused("role")
    return _principal(
        claims, Kind.USER, role=role, registry=_text(claims, "registry"), organisation=_organisation(claims)
    )


def citizen_principal(claims: Mapping[str, Any]) -> Principal:
    """Return a citizen; the subject is the provider's own pseudonym, never the national number."""
    return _principal(claims, Kind.CITIZEN)


def applicant_principal(claims: Mapping[str, Any]) -> Principal:
    """Return an applicant; the subject is the provider's own pseudonym, never the national number."""
    return _principal(claims, Kind.APPLICANT)


def service_principal(claims: Mapping[str, Any]) -> Principal:
    """Return the service that a client-credentials token speaks of."""
    subject = _subject(claims)
    if claims.get("client_id", subject) != subject:
        raise TokenRefused("client_id")
    return Principal(
        kind=Kind.SERVICE, subject=subject, client_id=subject, name=subject, issued_at=moment_of(claims, "iat")
    )


def token_principal(claims: Mapping[str, Any]) -> Principal:
    """Return the party of an access token made by identity, by its claim `kind`."""
    kind = claims.get("kind", Kind.USER.value)
    if kind == Kind.SERVICE.value:
        return service_principal(claims)
    if kind == Kind.USER.value:
        return user_principal(claims)
    raise TokenRefused("kind")


def _principal(claims: Mapping[str, Any], kind: Kind, **more: Any) -> Principal:
    amr = claims.get("amr") or []
    return Principal(
        kind=kind,
        subject=_subject(claims),
        name=_text(claims, "name") or "",
        authenticated_at=moment_of(claims, "auth_time"),
        issued_at=moment_of(claims, "iat"),
        acr=_text(claims, "acr") or "",
        amr=tuple(str(method) for method in amr) if isinstance(amr, list) else (),
        language=_text(claims, "locale"),
        **more,
    )


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise TokenRefused("subject")
    return subject


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is not None and not isinstance(value, str):
        raise TokenRefused(name)
    return value or None


def _organisation(claims: Mapping[str, Any]) -> int | None:
    value = claims.get("organisation")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 < value < LARGEST_ID):
        raise TokenRefused("organisation")
    return value
