"""Who a PID is: asked of registration, with this service's own token, and forgotten at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import requests

from services.eprom.gateways.outside import body_of
from services.eprom.usecases.ports import OutsideUnavailable, PostalAddress, Recipient, RecipientGone
from shared.auth.errors import ServiceUnavailable
from shared.auth.service_client import ServiceClient


class RegistrationRecipients:
    """Registration's `/api/recipients`."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def look_up(self, pid: int, course_id: int) -> Recipient:
        """The recipient; raises RecipientGone or OutsideUnavailable."""
        body = self._ask(pid, course_id)
        return _recipient(body)

    def find_address(self, pid: int, course_id: int) -> PostalAddress | None:
        """The postal address; None when none is told. Raises RecipientGone or OutsideUnavailable."""
        told = self._ask(pid, course_id, with_address=True).get("address")
        if told is None:
            return None
        try:
            return PostalAddress(*(str(told[name]) for name in ("name", "line", "postcode", "city")))
        except (KeyError, TypeError):
            raise OutsideUnavailable("registration: malformed") from None

    def _ask(self, pid: int, course_id: int, **more: bool) -> dict[str, Any]:
        try:
            answer = self._client.post("/api/recipients", json={"pid": pid, "course_id": course_id, **more})
        except ServiceUnavailable as error:
            raise OutsideUnavailable("registration") from error
        if answer.status_code == requests.codes.not_found:
            raise RecipientGone
        if answer.status_code != requests.codes.ok:
            raise OutsideUnavailable(f"registration: http {answer.status_code}")
        body = body_of(answer)
        if body.get("is_dead"):
            raise RecipientGone
        if not isinstance(body.get("number"), str):
            raise OutsideUnavailable("registration: malformed")
        return body


def _recipient(body: Mapping[str, Any]) -> Recipient:
    """The recipient with those who answer; what cannot be read lets nobody in and sends nothing."""
    person = Recipient(body["number"], is_protected=body.get("is_protected") is True)
    told = body.get("representatives")
    if told is None:
        return person
    try:
        parents = tuple(Recipient(str(one["number"]), is_protected=one["is_protected"] is not False) for one in told)
    except (KeyError, TypeError):
        raise OutsideUnavailable("registration: malformed") from None
    return replace(person, representatives=parents, answers_self=body.get("answers_self") is True)
