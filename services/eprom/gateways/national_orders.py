"""A form ordered at the national ePROM, which reaches the person and shows the form by itself."""

from __future__ import annotations

import uuid
from datetime import UTC

import requests
from urllib3.exceptions import NewConnectionError

from services.eprom.domain.national import NATIONAL, NOBODY, Standing
from services.eprom.domain.reach import ReachCode
from services.eprom.gateways.outside import TIMEOUT_SECONDS, body_of
from services.eprom.usecases.ports import (
    Contact,
    LastingFault,
    Letter,
    NationalForm,
    NationalLedger,
    OutsideUnavailable,
    Recipient,
    ToldLater,
)
from shared.observability.log import get_logger

# These say that nobody has looked at the order.
_NOT_HANDLED = frozenset({429, 503})
_OK, _SERVER_ERROR = 200, 500
_log = get_logger(__name__)


class NationalEprom:
    """The order interface, version 2. Two calls are two orders there, so a call is never repeated blindly."""

    name = NATIONAL

    def __init__(self, url: str, *, key: str, ledger: NationalLedger, http: requests.Session) -> None:
        self._url, self._ledger, self._http = f"{url}/api/v2/formorder", ledger, http
        self._headers = {"Authorization": f"Basic {key}"}  # the key as it is, not as name and password

    def send(self, recipient: Recipient, contact: Contact, letter: Letter) -> bool:
        """Order the form; True when they have told that it reaches the person, False that it does not.

        Raises ToldLater until they tell, LastingFault when an order is refused or may have been taken unseen.
        """
        _ = contact  # they look up themselves how the person is reached
        if letter.national is None:
            return False
        standing = self._ledger.begin(letter.message_id, letter.national.order_id)
        if standing is None:
            standing = self._place(recipient, letter, letter.national)
        return _is_reached(standing)

    def _place(self, recipient: Recipient, letter: Letter, form: NationalForm) -> Standing:
        answer = self._post(_order(recipient, letter, form), letter.message_id)
        if answer is None or (answer.status_code >= _SERVER_ERROR and answer.status_code not in _NOT_HANDLED):
            return self._settled(letter, Standing.UNKNOWN)
        if answer.status_code == _OK:
            order_id = _order_id(answer)
            if order_id is None:
                return self._settled(letter, Standing.UNKNOWN)
            is_somebody = order_id != NOBODY
            return self._settled(
                letter,
                Standing.TAKEN if is_somebody else Standing.UNREACHABLE,
                order_id if is_somebody else None,
            )
        self._ledger.take_back(letter.message_id)
        if answer.status_code in _NOT_HANDLED:
            raise OutsideUnavailable(f"national {answer.status_code}")
        # Key, form or rule are not as they want them; the words of the answer are for people and may change.
        _log.error("national order refused", status=answer.status_code)
        raise LastingFault(ReachCode.CHANNEL_REFUSED)

    def _post(self, order: dict[str, object], key: str) -> requests.Response | None:
        """The answer; None when the order may have arrived all the same."""
        try:
            return self._http.post(
                self._url, json=order, headers=self._headers, timeout=TIMEOUT_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            if not _never_left(error):
                return None
            self._ledger.take_back(key)
            raise OutsideUnavailable(f"national: {type(error).__name__}") from None

    def _settled(self, letter: Letter, standing: Standing, form_order_id: str | None = None) -> Standing:
        self._ledger.settle(letter.message_id, standing, form_order_id)
        return standing


def _order(recipient: Recipient, letter: Letter, form: NationalForm) -> dict[str, object]:
    return {
        "formId": form.form_id,
        "nationalId": recipient.number,
        "expiryDate": letter.closes_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "distributionRule": form.rule.value,
    }


def _order_id(answer: requests.Response) -> str | None:
    try:
        told = {name.lower(): value for name, value in body_of(answer).items()}
        return str(uuid.UUID(told["id"]))
    except (OutsideUnavailable, KeyError, ValueError, TypeError, AttributeError):
        return None


def _is_reached(standing: Standing) -> bool:
    if standing is Standing.TAKEN:
        raise ToldLater("national")
    if standing is Standing.ASKED:
        raise OutsideUnavailable("national: a call is under way")
    if standing is Standing.UNKNOWN:
        raise LastingFault(ReachCode.UNKNOWN_OUTCOME)
    return standing is not Standing.UNREACHABLE


def _never_left(error: requests.RequestException) -> bool:
    """Whether there was no connection at all."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, requests.ConnectionError) and isinstance(reason, NewConnectionError)
