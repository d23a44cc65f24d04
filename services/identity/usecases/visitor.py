"""Where a try to log in comes from, and which counters it is counted on."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.identity.domain.browsers import Browser
from services.identity.domain.throttle import ACCOUNT, ADDRESS, KNOWN_DEVICE, Limits, is_capped
from services.identity.domain.tokens import token_hash
from services.identity.store.seals import Seals
from services.identity.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """The network address, the random value of the browser's device cookie, if it has one, and its kind."""

    address: str = field(repr=False)
    device: str | None = field(default=None, repr=False)
    browser: Browser = field(default=Browser(), repr=False)

    @property
    def device_hash(self) -> str | None:
        """What is stored of the device cookie."""
        return token_hash(self.device) if self.device else None


@dataclass(frozen=True, kw_only=True)
class Counters:
    """The counters of one try: of the account, or of the owner's device instead of account and address."""

    own: tuple[str, Limits]
    address: tuple[str, Limits] | None

    @property
    def all(self) -> list[tuple[str, Limits]]:
        """Every counter the try counts on."""
        return [self.own, *([self.address] if self.address else [])]


def counters(store: Store, visitor: Visitor, *, user_name_hash: str, user_id: int | None, seals: Seals) -> Counters:
    """The counters of a try; names nobody has are counted like those somebody has."""
    device = visitor.device_hash
    # Asked for unknown names as well, so that both take the same time.
    if device and store.log_ins.knows_device(user_id or 0, device):
        key_hash = seals.counter_hash("device", f"{device}:{user_id}")
        if not is_capped(store.log_ins.tries(key_hash), KNOWN_DEVICE):
            return Counters(own=(key_hash, KNOWN_DEVICE), address=None)
    return Counters(
        own=(seals.counter_hash("account", user_name_hash), ACCOUNT),
        address=(seals.counter_hash("address", visitor.address), ADDRESS),
    )
