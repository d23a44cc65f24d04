"""A device with passkeys, and a phone with an authenticator app, as small programs that follow the standards."""

from __future__ import annotations

import hashlib
import json
import secrets
import struct

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from services.identity.domain.app_codes import app_code, step_at

ORIGIN, SITE = "http://localhost:8001", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class Device:
    """One passkey. What a test sets differently (`origin`, `site`, `flags`, `count`) makes it a hostile or broken one."""

    def __init__(self, *, origin=ORIGIN, site=SITE):
        self.origin, self.site = origin, site
        self.flags, self.count, self.step = PRESENT | VERIFIED, 0, 1
        self.key, self.credential_id = ec.generate_private_key(ec.SECP256R1()), secrets.token_bytes(32)
        self.handle = b""

    def create(self, options):
        """The answer to options for a new passkey, both as JSON."""
        asked = json.loads(options)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        inside = {"fmt": "none", "attStmt": {}, "authData": self._data(self._public())}
        response = {
            "clientDataJSON": self._client("webauthn.create", asked["challenge"]),
            "attestationObject": bytes_to_base64url(cbor2.dumps(inside)),
            "transports": ["internal", "hybrid"],
        }
        return self._answer(response)

    def get(self, options):
        """The answer to options that ask for a passkey, both as JSON."""
        self.count += self.step
        client, data = self._client("webauthn.get", json.loads(options)["challenge"]), self._data()
        signed = data + hashlib.sha256(base64url_to_bytes(client)).digest()
        response = {
            "clientDataJSON": client,
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(self.key.sign(signed, ec.ECDSA(SHA256()))),
            "userHandle": bytes_to_base64url(self.handle) if self.handle else None,
        }
        return self._answer(response)

    def _answer(self, response):
        name = bytes_to_base64url(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})

    def _client(self, kind, challenge):
        body = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps(body).encode())

    def _data(self, public=b""):
        flags = self.flags | (ATTESTED if public else 0)
        head = hashlib.sha256(self.site.encode()).digest() + struct.pack(">BI", flags, self.count)
        return head + public

    def _public(self):
        numbers = self.key.public_key().public_numbers()
        x, y = (value.to_bytes(32, "big") for value in (numbers.x, numbers.y))
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        return bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + key


class Phone:
    """An authenticator app that has taken over a secret."""

    def __init__(self, secret):
        self.secret = secret.replace(" ", "")

    def code(self, now, *, steps=0):
        """What it shows at a moment, or some steps of half a minute off."""
        return app_code(self.secret, step_at(now) + steps)
