"""Public keys of age, as made by `age-keygen`."""

from __future__ import annotations

from pyrage import RecipientError, x25519


class AgeKeys:
    """Checks keys with the library that encrypts to them."""

    def is_valid(self, key: str) -> bool:
        """Tell whether a text is an age public key."""
        try:
            x25519.Recipient.from_str(key)
        except RecipientError:
            return False
        return True
