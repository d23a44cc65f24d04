"""Passkeys by WebAuthn: what browsers are asked, and what their answers prove."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from services.identity.domain.errors import RuleBroken
from services.identity.domain.passkeys import CHALLENGE_LIVES, Challenge, KnownPasskey, NewPasskey

_LONGEST_ANSWER = 20_000
_TRANSPORTS = {transport.value: transport for transport in AuthenticatorTransport}
# What the library lets through of answers nobody's browser would give.
_UNREADABLE = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    struct.error,
    RecursionError,
)
_WAIT_MILLISECONDS = int(CHALLENGE_LIVES.total_seconds() * 1000)


class WebauthnPasskeys:
    """For one address: a passkey made for it works nowhere else. Users are always verified by their device."""

    def __init__(self, address: str, *, name: str) -> None:
        parts = urlsplit(address)
        self._site, self._origin, self._name = parts.hostname or "", f"{parts.scheme}://{parts.netloc}", name

    def enrol(self, account: str, *, handle: bytes, known: Sequence[KnownPasskey]) -> Challenge:
        """Ask for a new passkey that finds its account by itself, on a device that has none yet."""
        options = generate_registration_options(
            rp_id=self._site,
            rp_name=self._name,
            user_name=account,
            user_id=handle,
            timeout=_WAIT_MILLISECONDS,
            exclude_credentials=_described(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        return Challenge(value=bytes_to_base64url(options.challenge), options=options_to_json(options))

    def read_enrolment(self, challenge: str, answer: str) -> NewPasskey:
        """The passkey a device has made; raises RuleBroken."""
        try:
            _check_length(answer)
            made = verify_registration_response(
                credential=answer,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._site,
                expected_origin=self._origin,
                require_user_verification=True,
            )
            transports = _transports(answer)
        except _UNREADABLE:
            raise RuleBroken("passkey_refused") from None
        return NewPasskey(
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            transports=transports,
        )

    def ask(self, known: Sequence[KnownPasskey]) -> Challenge:
        """Ask for one of these passkeys; for any the device has, if none is named."""
        options = generate_authentication_options(
            rp_id=self._site,
            timeout=_WAIT_MILLISECONDS,
            allow_credentials=_described(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return Challenge(value=bytes_to_base64url(options.challenge), options=options_to_json(options))

    def credential_of(self, answer: str) -> bytes | None:
        """Which passkey an answer says it comes from; None if it cannot be read."""
        try:
            _check_length(answer)
            return parse_authentication_credential_json(answer).raw_id
        except _UNREADABLE:
            return None

    def check(self, challenge: str, answer: str, passkey: KnownPasskey, *, is_alone: bool) -> int:
        """The counter of signatures in a right answer; raises RuleBroken. A passkey alone must name its owner."""
        try:
            read = parse_authentication_credential_json(answer)
            # The counter is ours to judge, after the signature: else anybody could make one seem to go back.
            checked = verify_authentication_response(
                credential=read,
                expected_challenge=base64url_to_bytes(challenge),
                expected_rp_id=self._site,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except _UNREADABLE:
            raise RuleBroken("passkey_refused") from None
        handle = read.response.user_handle
        if handle != passkey.handle and (is_alone or handle is not None):
            raise RuleBroken("passkey_refused")
        return checked.new_sign_count


def _check_length(answer: str) -> None:
    if len(answer) > _LONGEST_ANSWER:
        raise ValueError("longer than any answer of a browser")


def _described(known: Sequence[KnownPasskey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id, transports=[_TRANSPORTS[name] for name in passkey.transports]
        )
        for passkey in known
    ]


def _transports(answer: str) -> tuple[str, ...]:
    told = json.loads(answer)["response"].get("transports") or []
    return tuple(sorted({name for name in told if isinstance(name, str) and name in _TRANSPORTS}))
