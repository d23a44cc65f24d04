"""What ID-porten allows: algorithms, levels, lifetimes and the discovery document."""

from __future__ import annotations

from typing import Any

from deploy.standins.parts import parts

LOA_LOW, LOA_SUBSTANTIAL, LOA_HIGH = "idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high"
LEVELS = (LOA_SUBSTANTIAL, LOA_HIGH)
CODE_LIVES_SECONDS = 60
PUSHED_LIVES_SECONDS = 60
TOKEN_LIVES_SECONDS = 120
LOGIN_LIVES_SECONDS = 600
SESSION_LIVES_SECONDS = 1800
PUSHED_PREFIX = "urn:ietf:params:oauth:request_uri:"
SCOPES = frozenset({"openid", "profile"})
AUTH_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")


def issuer() -> str:
    """Return the issuer, which is also the base of all addresses."""
    return parts().settings.issuer("idporten")


def metadata() -> dict[str, Any]:
    """Return the discovery document."""
    base = issuer()
    return {
        "issuer": base,
        "authorization_endpoint": f"{base}/authorize",
        "pushed_authorization_request_endpoint": f"{base}/par",
        "token_endpoint": f"{base}/token",
        "userinfo_endpoint": f"{base}/userinfo",
        "jwks_uri": f"{base}/jwks.json",
        "end_session_endpoint": f"{base}/logout",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": list(AUTH_METHODS),
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": sorted(SCOPES),
        "acr_values_supported": list(LEVELS),
        "prompt_values_supported": ["none", "login", "consent"],
        "ui_locales_supported": ["nb", "nn", "en", "se"],
        "claims_supported": ["sub", "pid", "acr", "amr", "auth_time", "nonce", "sid", "jti", "locale"],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "frontchannel_logout_supported": True,
        "frontchannel_logout_session_supported": True,
    }
