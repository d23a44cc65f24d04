"""A registered client as the protocol library wants to see one."""

from __future__ import annotations

from authlib.oauth2.rfc6749 import ClientMixin

from services.identity.api.client_proof import AUTH_METHODS
from services.identity.domain.clients import GRANTS, SCOPES, Client


class ClientView(ClientMixin):
    """Answers the library's questions about one client."""

    id_token_signed_response_alg = "ES256"  # noqa: S105 - an algorithm

    def __init__(self, client: Client) -> None:
        self.client = client
        self.client_id = client.client_id
        self.client_metadata = {"post_logout_redirect_uris": list(client.after_logout_uris)}

    def get_client_id(self) -> str:
        """The client's id."""
        return self.client_id

    def get_default_redirect_uri(self) -> str | None:
        """None: every request names its address, so that none is ever guessed."""
        return None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The known scopes of those asked for; None, which refuses, without "openid"."""
        asked = (scope or "").split()
        return " ".join(name for name in SCOPES if name in asked) if "openid" in asked else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Tell whether the address is registered, sign by sign."""
        return redirect_uri in self.client.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """Tell whether the secret is right."""
        return self.client.has_secret(client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - the library's signature
        """Tell whether the client may prove itself in this way."""
        return method in AUTH_METHODS

    def check_response_type(self, response_type: str) -> bool:
        """Codes only."""
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        """Tell whether the client may use the grant."""
        return grant_type in GRANTS
