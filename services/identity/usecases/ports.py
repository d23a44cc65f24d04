"""What identity needs of the outside world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from services.identity.domain.passkeys import Challenge, KnownPasskey, NewPasskey
from shared.auth.keys import KeySource, PublicKey


class OutsideUnavailable(Exception):  # noqa: N818 - says what is, not that something went wrong here
    """A gateway or client outside did not answer; try again later."""


class PasswordHasher(Protocol):
    """A slow, salted hash for passwords and one-time codes."""

    def hash(self, secret: str) -> str:
        """The hash to store."""
        ...

    def verify(self, stored: str | None, typed: str) -> bool:
        """Tell whether it is the secret; without a stored hash the answer is no, after the same time."""
        ...


class PasswordStrength(Protocol):
    """Knows what people use as passwords."""

    def is_common(self, password: str, *, known: Sequence[str]) -> bool:
        """Tell whether somebody who knows these words about the owner guesses the password soon."""
        ...


class Passkeys(Protocol):
    """Asks browsers for passkeys and checks what they answer; options and answers are JSON."""

    def enrol(self, account: str, *, handle: bytes, known: Sequence[KnownPasskey]) -> Challenge:
        """Ask for a new passkey."""
        ...

    def read_enrolment(self, challenge: str, answer: str) -> NewPasskey:
        """The new passkey; raises RuleBroken."""
        ...

    def ask(self, known: Sequence[KnownPasskey]) -> Challenge:
        """Ask for one of these passkeys; for any the device has, if none is named."""
        ...

    def credential_of(self, answer: str) -> bytes | None:
        """Which passkey an answer says it comes from; None if it cannot be read."""
        ...

    def check(self, challenge: str, answer: str, passkey: KnownPasskey, *, is_alone: bool) -> int:
        """The counter of signatures in a right answer; raises RuleBroken."""
        ...


class Wording(Protocol):
    """The sentences of messages."""

    def text(self, key: str, language: str, **values: object) -> str:
        """The sentence of a key, filled in."""
        ...


class SmsGateway(Protocol):
    """Sends text messages."""

    def send(self, message_id: str, mobile: str, text: str) -> None:
        """Send once for each id, however often it is called; raises OutsideUnavailable."""
        ...


class MailGateway(Protocol):
    """Sends e-mail."""

    def send(self, message_id: str, address: str, subject: str, text: str) -> None:
        """Hand the mail over; the id becomes its Message-ID; raises OutsideUnavailable."""
        ...


class TokenSigner(Protocol):
    """Signs tokens with the key of the moment."""

    def sign(self, claims: Mapping[str, Any], *, token_type: str) -> str:
        """The signed token; `token_type` is the header's `typ`."""
        ...


class PublishedKeys(KeySource, Protocol):
    """The keys with which what was signed here is checked."""

    def public(self) -> Mapping[str, Any]:
        """The JSON Web Key Set that clients are shown."""
        ...


class PublishedClientKeys(Protocol):
    """The keys with which what clients signed is checked."""

    def of(self, client_id: str) -> PublicKey | None:
        """The public key of a client; None if it has none."""
        ...


class KeyFolder(Protocol):
    """Where signing keys are made and kept."""

    def make_next_if_due(self) -> bool:
        """Make the next key if it is time; tells whether one was made."""
        ...

    def remove_over(self) -> int:
        """Delete keys that no client needs any more; returns how many."""
        ...


class ClientChannel(Protocol):
    """The clients' endpoints for log-outs behind the browser's back."""

    def tell(self, client_id: str, logout_token: str) -> None:
        """Hand over a signed log-out; raises OutsideUnavailable."""
        ...
