"""The three grants: authorization code with PKCE S256 for everybody, refresh tokens in families, client credentials."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode

from services.identity.api.client_proof import AUTH_METHODS
from services.identity.domain.errors import RuleBroken
from services.identity.domain.tokens import ACCESS_LIVES, new_token
from services.identity.usecases.authorise_client import Asked, authorise_client
from services.identity.usecases.claims import ACCESS_TYPE, ID_TYPE, id_claims, service_claims
from services.identity.usecases.means import Means
from services.identity.usecases.redeem_code import Redeemed, redeem_code, redeem_refresh

CHALLENGE_LENGTH = 43


class RedeemedView:
    """A code or refresh token that was just used up, as the library wants to see one."""

    code_challenge_method = "S256"

    def __init__(self, redeemed: Redeemed) -> None:
        self.redeemed = redeemed
        self.code_challenge = redeemed.challenge

    def get_redirect_uri(self) -> str:
        """The address the code was sent to."""
        return self.redeemed.redirect_uri

    def get_scope(self) -> str:
        """The scope granted."""
        return self.redeemed.scope

    def check_client(self, client: Any) -> bool:
        """Tell whether it was given to the client."""
        return bool(client.get_client_id() == self.redeemed.client_id)


class CodeGrant(grants.AuthorizationCodeGrant):
    """Codes: a minute, once, bound to client, address, log-in and challenge."""

    means: Means
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    def generate_authorization_code(self) -> str:
        """A random code of 256 bits."""
        return new_token()

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Store the code's hash with what it is bound to."""
        fields = request.payload.data
        asked = Asked(
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            scope=request.scope,
            nonce=fields["nonce"],
            challenge=fields["code_challenge"],
        )
        authorise_client(request.user, asked, code=code, seals=self.means.seals, uow=self.means.uow)

    def query_authorization_code(self, code: str, client: Any) -> RedeemedView | None:
        """Use up the code, whatever else the request gets wrong."""
        try:
            return RedeemedView(redeem_code(code, client.client_id, seals=self.means.seals, uow=self.means.uow))
        except RuleBroken:
            return None

    def delete_authorization_code(self, authorization_code: RedeemedView) -> None:
        """Nothing: a code is marked as used the moment it is shown to us."""

    def authenticate_user(self, authorization_code: RedeemedView) -> Redeemed:
        """Who logged in."""
        return authorization_code.redeemed


class RefreshGrant(grants.RefreshTokenGrant):
    """Refresh tokens: each used once for the next; a second use ends the family."""

    means: Means
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> RedeemedView | None:
        """Use up the token."""
        client_id = self.request.client.client_id
        try:
            return RedeemedView(redeem_refresh(refresh_token, client_id, seals=self.means.seals, uow=self.means.uow))
        except RuleBroken:
            return None

    def authenticate_user(self, refresh_token: RedeemedView) -> Redeemed:
        """Who logged in."""
        return refresh_token.redeemed

    def revoke_old_credential(self, refresh_token: RedeemedView) -> None:
        """Nothing: a token is marked as used the moment it is shown to us."""


class ServiceGrant(grants.ClientCredentialsGrant):
    """Tokens for calls between services: signed, ten minutes, for one audience."""

    means: Means
    TOKEN_ENDPOINT_AUTH_METHODS = AUTH_METHODS

    def validate_token_request(self) -> None:
        """Check the client and whether it may call the service it names."""
        super().validate_token_request()
        if not self.request.client.client.may_call(self.request.form.get("audience", "")):
            raise InvalidRequestError("Unknown 'audience'.")

    def create_token_response(self) -> tuple[int, dict[str, Any], Any]:
        """The signed token."""
        claims = service_claims(
            issuer=self.means.issuer,
            client_id=self.request.client.client_id,
            audience=self.request.form["audience"],
            now=self.means.clock.now(),
        )
        token = {
            "access_token": self.means.signer.sign(claims, token_type=ACCESS_TYPE),
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIVES.total_seconds()),
        }
        return 200, token, self.TOKEN_RESPONSE_HEADER


class AlwaysS256(CodeChallenge):
    """PKCE for every client, S256 only; the library asks public clients alone, and takes plain by default."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Refuse a request without a challenge."""
        fields = grant.request.payload.data
        if fields.get("code_challenge_method") != "S256" or len(fields.get("code_challenge", "")) != CHALLENGE_LENGTH:
            raise InvalidRequestError("PKCE with S256 is required.")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):
    """The id token: by our clock and our keys, with the role chosen."""

    def __init__(self, means: Means) -> None:
        super().__init__(require_nonce=True)
        self._means = means

    def exists_nonce(self, nonce: str, request: Any) -> bool:  # noqa: ARG002 - the library's signature
        """No: a nonce is the client's own guard, and each code is given once."""
        return False

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        """The signed id token."""
        redeemed: Redeemed = request.user
        claims = id_claims(
            redeemed.facts,
            issuer=self._means.issuer,
            client_id=redeemed.client_id,
            nonce=redeemed.nonce,
            now=redeemed.at,
        )
        claims["at_hash"] = _half_hash(token["access_token"])
        return self._means.signer.sign(claims, token_type=ID_TYPE)


def _half_hash(access_token: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(access_token.encode()).digest()[:16]).rstrip(b"=").decode()
