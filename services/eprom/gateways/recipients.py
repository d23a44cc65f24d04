"""Who a PID is: asked of registration, with this service's own token, and forgotten at once."""

from __future__ import annotations

import requests

from services.eprom.gateways.outside import body_of
from services.eprom.usecases.ports import OutsideUnavailable, Recipient, RecipientGone
from shared.auth.errors import ServiceUnavailable
from shared.auth.service_client import ServiceClient


class RegistrationRecipients:
    """Registration's `/api/recipients`."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def look_up(self, pid: int, course_id: int) -> Recipient:
        """The recipient; raises RecipientGone or OutsideUnavailable."""
        try:
            answer = self._client.post("/api/recipients", json={"pid": pid, "course_id": course_id})
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
        return Recipient(body["number"], is_protected=body.get("is_protected") is True)
