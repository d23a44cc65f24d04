"""What eprom needs of the outside world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from services.eprom.domain.national import DistributionRule, Standing
from services.eprom.domain.reach import ReachCode


class OutsideUnavailable(Exception):  # noqa: N818 - says what is, not that something went wrong here
    """A service or channel outside did not answer; try again later."""


class LastingFault(OutsideUnavailable):
    """A channel will not take this message by itself later either; a person must look. `code` tells why."""

    def __init__(self, code: ReachCode) -> None:
        super().__init__(code)
        self.code = code


class RecipientGone(Exception):  # noqa: N818 - says what is
    """Nobody may be written to: unknown, dead, reserved or withdrawn."""


class ToldLater(OutsideUnavailable):
    """The channel has the message, and tells later whether it reaches the person; ask it again then."""


@dataclass(frozen=True)
class Recipient:
    """Who a message goes to. Asked for at each dispatch, used and forgotten; never stored or logged.

    `representatives` are the parents who answer for a child today, perhaps none; None where the person answers alone.
    """

    number: str
    is_protected: bool = False  # nobody may learn where the person lives
    representatives: tuple[Recipient, ...] | None = None
    answers_self: bool = True

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Recipient(...)"


@dataclass(frozen=True)
class Contact:
    """What the contact register says of the recipient now."""

    language: str
    email: str | None
    mobile: str | None
    is_reserved: bool = False  # against digital post from the public sector
    is_old: bool = False  # told, but so long ago that it may not be used

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "Contact(...)"


@dataclass(frozen=True)
class NationalForm:
    """What the national ePROM sends by itself: a form of its catalogue, by one of its rules, for an order here."""

    order_id: str
    form_id: str
    rule: DistributionRule


@dataclass(frozen=True)
class PostalAddress:
    """Where a letter on paper goes. Asked for when no other channel leads there, used and forgotten.

    `line` may be empty: some places have a postcode only. The postcode is a text of four digits.
    """

    name: str
    line: str
    postcode: str
    city: str

    def __repr__(self) -> str:
        """Say nothing: a traceback may end in a log."""
        return "PostalAddress(...)"


@dataclass(frozen=True)
class PaperForm:
    """What stands on paper only: the code, in place of the link, and until when it is good; `pid` of `course_id`."""

    pid: int
    course_id: int
    code: str = field(repr=False)
    link: str = field(repr=False)
    written_on: date
    closes_at: datetime


@dataclass(frozen=True)
class Letter:
    """A message without health data: no department, no registry, no diagnosis. `message_id` makes repeats harmless.

    `button` is what the link is called where it has a name. The form closes at `closes_at`. `national` and `paper` are
    for those channels only, and None for what they do not send.
    """

    message_id: str
    title: str
    text: str
    link: str
    button: str
    closes_at: datetime
    national: NationalForm | None = None
    paper: PaperForm | None = None


class Recipients(Protocol):
    """Registration, which alone knows who a PID is."""

    def look_up(self, pid: int, course_id: int) -> Recipient:
        """The recipient; raises RecipientGone or OutsideUnavailable."""
        ...


class Addresses(Protocol):
    """Registration again, asked only for whom paper is the last way."""

    def find_address(self, pid: int, course_id: int) -> PostalAddress | None:
        """The postal address; None when there is none that may be told. Raises RecipientGone or OutsideUnavailable."""
        ...


class ContactRegister(Protocol):
    """KRR."""

    def look_up(self, recipient: Recipient) -> Contact:
        """How the person can be reached today; raises OutsideUnavailable."""
        ...

    def look_up_all(self, recipients: Sequence[Recipient]) -> Sequence[Contact]:
        """The same of many persons, in their order, with few calls; raises OutsideUnavailable."""
        ...


class Channel(Protocol):
    """One way to a person."""

    name: str

    def send(self, recipient: Recipient, contact: Contact, letter: Letter) -> bool:
        """Deliver; False when the person cannot be reached this way; raises OutsideUnavailable or LastingFault."""
        ...


class NationalLedger(Protocol):
    """What is remembered of each order at the national ePROM, since nobody there can be asked."""

    def begin(self, key: str, order_id: str) -> Standing | None:
        """Where the order with our key stands; None when it is new and was written down as asked just now."""
        ...

    def settle(self, key: str, standing: Standing, form_order_id: str | None = None) -> None:
        """Write down what the call came to."""
        ...

    def take_back(self, key: str) -> None:
        """Forget a call that for certain placed no order."""
        ...


class Claims(Protocol):
    """Registration, which keeps the numbers of outside orders while they last."""

    def make(self, number: str, until: datetime) -> int | None:
        """The claim that stands for a number; None when nobody living has it. Raises OutsideUnavailable."""
        ...

    def release(self, claim: int) -> None:
        """Have the number forgotten; raises OutsideUnavailable."""
        ...


class Orderers(Protocol):
    """Other registries that have ordered forms here."""

    def tell(self, base_url: str, news: Mapping[str, Any]) -> None:
        """Tell one piece of news; raises OutsideUnavailable unless it is acknowledged."""
        ...
