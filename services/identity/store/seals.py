"""How staff data are sealed and found: names, numbers and addresses by cipher, equal values by keyed hash."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from services.identity.domain.application import Details
from services.identity.store.tables import UserRow
from shared.db.encryption import Cipher
from shared.db.keyed_hash import KeyedHash


@dataclass(frozen=True)
class Fingerprints:
    """Keyed hashes by which an account is found: two accounts never share one of them."""

    user_name: str
    mobile: str
    email: str


@dataclass(frozen=True)
class Seals:
    """Seals and opens staff data, and hashes what must be found again without being kept."""

    cipher: Cipher
    search: KeyedHash

    def fingerprints(self, details: Details) -> Fingerprints:
        """The hashes of a user name, a mobile number and an e-mail address, however they are spelt."""
        return Fingerprints(
            user_name=self.user_name_hash(details.user_name),
            mobile=self.search.digest(f"mobile:{details.mobile}"),
            email=self.search.digest(f"email:{details.email.casefold()}"),
        )

    def user_name_hash(self, typed: str) -> str:
        """The hash of a user name as somebody typed it."""
        return self.search.digest(f"user_name:{typed.strip().casefold()}")

    def upstream_hash(self, issuer: str, subject: str) -> str:
        """The hash of an account at an upstream log-in provider."""
        return self.search.digest(f"upstream:{issuer} {subject}")

    def counter_hash(self, kind: str, value: str) -> str:
        """The key of a counter of tries, such as ("address", "192.0.2.1")."""
        return self.search.digest(f"counter:{kind}:{value}")

    def write_user(self, row: UserRow, details: Details) -> None:
        """Put the details of a user into its row, sealed."""
        found = self.fingerprints(details)
        row.user_name_hash, row.mobile_hash, row.email_hash = found.user_name, found.mobile, found.email
        for column, text in asdict(details).items():
            setattr(row, column, self.cipher.seal(text, bound_to=f"user/{found.user_name}/{column}"))

    def details_of(self, row: UserRow) -> Details:
        """Who a user is."""
        return Details(
            user_name=self._column(row, "user_name"),
            full_name=self._column(row, "full_name"),
            mobile=self._column(row, "mobile"),
            email=self._column(row, "email"),
        )

    def name_of(self, row: UserRow) -> str:
        """The full name of a user."""
        return self._column(row, "full_name")

    def seal_details(self, details: Details, *, application_id: str) -> bytes:
        """The personal part of an application, sealed."""
        return self.cipher.seal(json.dumps(asdict(details)), bound_to=f"application/{application_id}")

    def open_details(self, blob: bytes, *, application_id: str) -> Details:
        """The personal part of an application."""
        return Details(**json.loads(self.cipher.open(blob, bound_to=f"application/{application_id}")))

    def seal_wanted(self, value: str, user_id: int, kind: str) -> bytes:
        """A "mobile" or "email" that a user is to have, sealed."""
        return self.cipher.seal(value, bound_to=f"wanted/{user_id}/{kind}")

    def open_wanted(self, blob: bytes, user_id: int, kind: str) -> str:
        """A "mobile" or "email" that a user is to have."""
        return self.cipher.open(blob, bound_to=f"wanted/{user_id}/{kind}")

    def seal_message(self, content: dict[str, str], *, message_id: str) -> bytes:
        """Recipient and text of a message, sealed."""
        return self.cipher.seal(json.dumps(content), bound_to=f"message/{message_id}")

    def open_message(self, blob: bytes, *, message_id: str) -> dict[str, str]:
        """Recipient and text of a message."""
        content: dict[str, str] = json.loads(self.cipher.open(blob, bound_to=f"message/{message_id}"))
        return content

    def seal_app_secret(self, secret: str, *, user_id: int) -> bytes:
        """The secret of a user's authenticator app, sealed."""
        return self.cipher.seal(secret, bound_to=f"authenticator_app/{user_id}")

    def open_app_secret(self, blob: bytes, *, user_id: int) -> str:
        """The secret of a user's authenticator app."""
        return self.cipher.open(blob, bound_to=f"authenticator_app/{user_id}")

    def seal_passkey_name(self, name: str, *, credential_hash: str) -> bytes:
        """The name a user gave a passkey, sealed."""
        return self.cipher.seal(name, bound_to=f"passkey/{credential_hash}")

    def open_passkey_name(self, blob: bytes, *, credential_hash: str) -> str:
        """The name a user gave a passkey."""
        return self.cipher.open(blob, bound_to=f"passkey/{credential_hash}")

    def passkey_handle(self, user_id: int) -> bytes:
        """The name under which a user's devices know the account: 32 bytes that tell nothing."""
        return bytes.fromhex(self.search.digest(f"passkey:{user_id}"))

    def _column(self, row: UserRow, column: str) -> str:
        return self.cipher.open(getattr(row, column), bound_to=f"user/{row.user_name_hash}/{column}")
