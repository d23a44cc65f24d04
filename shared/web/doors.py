"""The ways into an app: a provider for users, another for citizens and applicants, or the service's own log-in page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Blueprint, session, url_for

from shared.auth.assertion import PrivateKey
from shared.auth.claims import applicant_principal, citizen_principal, user_principal
from shared.auth.oidc_client import Claims, OidcClient
from shared.auth.policy import PolicyLine
from shared.auth.principal import Kind, Principal
from shared.auth.provider import Provider, ProviderSettings
from shared.scheduling.clock import Clock

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


IDPORTEN_HIGH = "idporten-loa-high"
IDPORTEN_ALGORITHMS = frozenset({"RS256", "ES256"})


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


def users_door(provider: Provider, *, client_id: str, client_secret: str, public_url: str, clock: Clock) -> Door:
    """Return the door of identity's users for the service `client_id` at `public_url`."""
    settings = ProviderSettings(
        issuer=provider.issuer,
        client_id=client_id,
        client_secret=client_secret,
        redirect_uri=f"{public_url}/callback",
        after_logout_uri=f"{public_url}/",
        keep_id_token=True,
    )
    return Door(kind=Kind.USER, client=OidcClient(settings, provider, clock=clock, state=the_session))


def idporten_door(
    kind: Kind,
    provider: Provider,
    *,
    client_id: str,
    private_key: PrivateKey,
    public_url: str,
    clock: Clock,
    principal_of: Callable[[Claims], Principal] | None = None,
    remember: Callable[[Claims], Mapping[str, Any]] | None = None,
) -> Door:
    """Return the door of citizens or applicants through ID-porten, at its highest level; the id token is not kept."""
    settings = ProviderSettings(
        issuer=provider.issuer,
        client_id=client_id,
        private_key=private_key,
        redirect_uri=f"{public_url}/callback",
        after_logout_uri=f"{public_url}/",
        acr=(IDPORTEN_HIGH,),
        algorithms=IDPORTEN_ALGORITHMS,
    )
    client = OidcClient(settings, provider, clock=clock, state=the_session)
    return Door(kind=kind, client=client, principal_of=principal_of, remember=remember)


def the_session() -> MutableMapping[str, Any]:
    """Return the visitor's session, where a begun log-in is remembered."""
    return session
