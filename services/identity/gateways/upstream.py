"""The registrations at upstream log-in providers, each by the profile of the provider."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import requests

from services.identity.domain.upstream import Upstream
from shared.auth.assertion import PrivateKey
from shared.auth.oidc_client import OidcClient, State
from shared.auth.provider import Provider, ProviderSettings
from shared.scheduling.clock import Clock

CALLBACK = "/callback"
# Both are asked for their highest level. HelseID wants its own words for it, and tells it in a claim of its own.
PROFILES: Mapping[Upstream, Mapping[str, Any]] = {
    Upstream.HELSEID: {
        "acr": ("4",),
        "asked_level": "Level4",
        "level_claim": "helseid://claims/identity/security_level",
        "algorithms": frozenset({"ES256", "PS256", "RS256"}),
        "bound_tokens": True,
    },
    Upstream.IDPORTEN: {"acr": ("idporten-loa-high",), "algorithms": frozenset({"ES256", "RS256"})},
}


def upstream_clients(
    issuers: Mapping[Upstream, str],
    *,
    client_id: str,
    private_key: PrivateKey | None,
    public_url: str,
    clock: Clock,
    state: Callable[[], State],
    http: requests.Session | None = None,
) -> dict[Upstream, OidcClient]:
    """The clients of the providers that are switched on; `state` gives the visitor's session."""
    found = {}
    for upstream, issuer in issuers.items():
        settings = ProviderSettings(
            issuer=issuer,
            client_id=client_id,
            private_key=private_key,
            redirect_uri=f"{public_url}{CALLBACK}",
            after_logout_uri=f"{public_url}/",
            pushed_requests=True,
            **PROFILES[upstream],
        )
        found[upstream] = OidcClient(settings, Provider(issuer, http=http), clock=clock, state=state)
    return found
