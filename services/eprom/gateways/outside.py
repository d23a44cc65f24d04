"""Calls to the outside: with a time limit, and with one name for everything that may be better later."""

from __future__ import annotations

from typing import Any

import requests

from services.eprom.domain.reach import ReachCode
from services.eprom.usecases.ports import LastingFault, OutsideUnavailable
from shared.observability.log import get_logger

TIMEOUT_SECONDS = (3.05, 10)
_CLIENT_ERROR, _SERVER_ERROR, _TOO_MANY = 400, 500, 429
# What may get another answer though the message is the same: our key or rights, the time it took, others' haste.
_MAY_MEND = frozenset({401, 403, 408, 409, 425, _TOO_MANY})
_log = get_logger(__name__)


def outside_http() -> requests.Session:
    """An HTTP session that ignores proxies and password files of the machine."""
    session = requests.Session()
    session.trust_env = False
    return session


def ask(http: requests.Session, method: str, url: str, **more: Any) -> requests.Response:
    """The answer, if it is one; raises OutsideUnavailable, which names nothing of what was sent."""
    try:
        answer = http.request(method, url, timeout=TIMEOUT_SECONDS, allow_redirects=False, **more)
    except requests.RequestException as error:
        raise OutsideUnavailable(type(error).__name__) from None
    if answer.status_code >= _SERVER_ERROR or answer.status_code == _TOO_MANY:
        raise OutsideUnavailable(f"http {answer.status_code}")
    return answer


def refusal(channel: str, status: int, code: str = "") -> OutsideUnavailable:
    """What an answer that is no yes comes to: LastingFault when the same message would get it again."""
    if _CLIENT_ERROR <= status < _SERVER_ERROR and status not in _MAY_MEND:
        _log.error("message refused", channel=channel, status=status, code=code)
        return LastingFault(ReachCode.CHANNEL_REFUSED)
    return OutsideUnavailable(f"{channel} {status}")


def body_of(answer: requests.Response) -> dict[str, Any]:
    """The JSON object of an answer; raises OutsideUnavailable for anything else."""
    try:
        body = answer.json()
    except ValueError:
        raise OutsideUnavailable("no json") from None
    if not isinstance(body, dict):
        raise OutsideUnavailable("no json object")
    return body
