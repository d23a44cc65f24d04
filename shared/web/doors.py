"""The ways into an app: a provider for users, another for citizens and applicants, or the service's own log-in page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Blueprint, url_for

from shared.auth.claims import applicant_principal, citizen_principal, user_principal
from shared.auth.oidc_client import Claims, OidcClient
from shared.auth.policy import PolicyLine
from shared.auth.principal import Kind, Principal

PRINCIPAL_OF: Mapping[Kind, Callable[[Mapping[str, Any]], Principal]] = {
    Kind.USER: user_principal,
    Kind.CITIZEN: citizen_principal,
    Kind.APPLICANT: applicant_principal,
}


class Doors(Protocol):
    """What the kit needs to know of an app's way to sign in."""

    @property
    def blueprint(self) -> Blueprint | None:
        """The routes of the log-in, if the kit is to register them."""

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins to which log-in and log-out send the browser."""

    def login_url(self, line: PolicyLine | None, *, return_to: str, step_up: bool) -> str:
        """Return the address, inside this app, where a log-in for this policy line begins."""


@dataclass(frozen=True)
class OwnLogIn:
    """For the service that is the provider: its own page asks for the password; `endpoint` names that page."""

    endpoint: str
    blueprint: Blueprint | None = None
    origins: tuple[str, ...] = ()

    def login_url(self, line: PolicyLine | None, *, return_to: str, step_up: bool) -> str:  # noqa: ARG002  protocol
        """Return the address of the log-in page, with `return_to` and `step_up` in its query."""
        return url_for(self.endpoint, return_to=return_to, step_up=1 if step_up else None)


@dataclass(frozen=True, kw_only=True)
class Door:
    """One way in through a provider: users by identity, citizens and applicants by ID-porten.

    `principal_of` may replace the usual mapping of claims; `remember` may add values to the session (JSON; a national
    number only sealed). Both may ask other services, and run before the session begins.
    """

    kind: Kind
    client: OidcClient
    principal_of: Callable[[Claims], Principal] | None = None
    remember: Callable[[Claims], Mapping[str, Any]] | None = None

    def principal(self, claims: Claims) -> Principal:
        """Return who logged in; raises TokenRefused for claims that make no sense."""
        if self.principal_of is not None:
            return self.principal_of(claims)
        return PRINCIPAL_OF[self.kind](claims.body)

    def values(self, claims: Claims) -> Mapping[str, Any]:
        """Return what is kept in the session beside the principal."""
        return self.remember(claims) if self.remember is not None else {}
