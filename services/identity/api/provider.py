"""The protocol library set up: who may ask for what, and what is given out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import InvalidClientError, InvalidGrantError, InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc7009 import RevocationEndpoint
from flask import Request
from flask import request as current_request

from services.identity.api.client_proof import AUTH_METHODS, BY_KEY, by_assertion
from services.identity.api.client_view import ClientView
from services.identity.api.grants import AlwaysS256, CodeGrant, IdToken, RefreshGrant, ServiceGrant
from services.identity.api.handed_back import HandedBack, find_handed_back
from services.identity.domain.clients import Client
from services.identity.domain.errors import RuleBroken
from services.identity.domain.tokens import ACCESS_LIVES
from services.identity.usecases.claims import ACCESS_TYPE, access_claims
from services.identity.usecases.means import Means
from services.identity.usecases.ports import PublishedClientKeys, PublishedKeys
from services.identity.usecases.redeem_code import Redeemed, keep_grant
from services.identity.usecases.revoke_token import revoke_access, revoke_refresh


class ProxiedRequest(FlaskOAuth2Request):
    """A request behind a proxy: TLS ends there, and the settings refuse to start without https in public addresses."""

    def __init__(self, request: Request, issuer: str) -> None:
        OAuth2Request.__init__(self, method=request.method, uri=issuer, headers=request.headers)
        self._request = request
        self.payload = FlaskOAuth2Payload(request)


class Provider(AuthorizationServer):
    """The OpenID provider over our use cases."""

    def __init__(
        self, means: Means, clients: Mapping[str, Client], keys: PublishedKeys, client_keys: PublishedClientKeys
    ) -> None:
        super().__init__()
        self.means, self.keys = means, keys
        self._views = {name: ClientView(client) for name, client in clients.items()}
        self.register_client_auth_method(BY_KEY, by_assertion(means, client_keys))
        self.register_token_generator("default", self._new_token)
        self.register_grant(_with(CodeGrant, means), [AlwaysS256(), IdToken(means)])
        self.register_grant(_with(RefreshGrant, means))
        self.register_grant(_with(ServiceGrant, means))
        self.register_endpoint(HandBack)

    def query_client(self, client_id: str) -> ClientView | None:
        """The registered client with this id."""
        return self._views.get(client_id)

    def authenticate_client(self, request: Any, methods: Sequence[str], endpoint: str = "token") -> ClientView:
        """The client that proved itself; one that names another beside it is refused."""
        client: ClientView = super().authenticate_client(request, methods, endpoint)
        if request.form.get("client_id", client.client_id) != client.client_id:
            raise InvalidClientError(status_code=401)
        return client

    def save_token(self, token: Mapping[str, Any], request: Any) -> None:
        """Nothing: tokens are not kept, and who was given one was noted as it was made."""

    def create_oauth2_request(self, request: Any) -> ProxiedRequest:  # noqa: ARG002 - the library's signature
        """The request being served."""
        return ProxiedRequest(current_request, self.means.issuer)

    def _new_token(
        self,
        grant_type: str,  # noqa: ARG002
        client: ClientView,
        user: Redeemed,
        scope: str,
        expires_in: int | None = None,  # noqa: ARG002
        include_refresh_token: bool = True,  # noqa: FBT001, FBT002
    ) -> dict[str, Any]:
        is_offline = include_refresh_token and "offline_access" in user.scope.split()
        try:
            refresh = keep_grant(user, is_offline=is_offline, uow=self.means.uow)
        except RuleBroken as broken:
            raise InvalidGrantError from broken
        claims = access_claims(
            user.facts,
            issuer=self.means.issuer,
            client_id=client.client_id,
            scope=scope,
            family=user.family,
            now=user.at,
        )
        token: dict[str, Any] = {
            "token_type": "Bearer",
            "access_token": self.means.signer.sign(claims, token_type=ACCESS_TYPE),
            "expires_in": int(ACCESS_LIVES.total_seconds()),
            "scope": scope,
        }
        return {**token, "refresh_token": refresh} if refresh else token


class HandBack(RevocationEndpoint):
    """Revocation (RFC 7009) of refresh and access tokens."""

    CLIENT_AUTH_METHODS = AUTH_METHODS

    def check_params(self, request: Any, client: ClientView) -> None:  # noqa: ARG002 - the library's signature
        """Refuse a request without a token; a hint, known or not, may be ignored (RFC 7009, 2.1)."""
        if not request.form.get("token"):
            raise InvalidRequestError

    def query_token(self, token_string: str, token_type_hint: str | None) -> HandedBack | None:  # noqa: ARG002
        """The token, whichever kind it is; a hint may be wrong and changes nothing."""
        provider: Provider = self.server
        return find_handed_back(token_string, means=provider.means, keys=provider.keys)

    def revoke_token(self, token: HandedBack, request: Any) -> None:
        """End the family of a refresh token, or refuse an access token from now on."""
        uow = self.server.means.uow
        if token.token_id is None or token.expires_at is None:
            revoke_refresh(token.text, request.client.client_id, uow=uow)
        else:
            revoke_access(token.token_id, token.expires_at, uow=uow)


def _with(grant: type, means: Means) -> type:
    return type(grant.__name__, (grant,), {"means": means})
