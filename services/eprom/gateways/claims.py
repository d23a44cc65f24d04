"""Numbers laid down at registration while an outside order lasts; here a claim stands for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import requests

from services.eprom.domain.outside_orders import OUTSIDE
from services.eprom.gateways.outside import body_of
from services.eprom.usecases.ports import OutsideUnavailable, Recipient, RecipientGone, Recipients
from shared.auth.errors import ServiceUnavailable
from shared.auth.service_client import ServiceClient


class RegistrationClaims:
    """Registration's `/api/claims`; also recipients, for orders of other registries."""

    def __init__(self, client: ServiceClient, recipients: Recipients) -> None:
        self._client, self._recipients = client, recipients

    def make(self, number: str, until: datetime) -> int | None:
        """The claim for a number; None when nobody living has it. Raises OutsideUnavailable."""
        answer = self._post("", {"number": number, "until": until.isoformat()}, requests.codes.created)
        claim = body_of(answer).get("claim") if answer is not None else None
        return claim if isinstance(claim, int) else None

    def release(self, claim: int) -> None:
        """Have the number forgotten; raises OutsideUnavailable."""
        self._post("/release", {"claim": claim}, requests.codes.no_content)

    def look_up(self, pid: int, course_id: int) -> Recipient:
        """The recipient of any order; raises RecipientGone or OutsideUnavailable."""
        if course_id != OUTSIDE:
            return self._recipients.look_up(pid, course_id)
        answer = self._post("/redeem", {"claim": -pid}, requests.codes.ok)
        if answer is None:
            raise RecipientGone
        body = body_of(answer)
        if not isinstance(body.get("number"), str):
            raise OutsideUnavailable("registration: malformed")
        return Recipient(body["number"], is_protected=body.get("is_protected") is True)

    def _post(self, path: str, body: dict[str, Any], wanted: int) -> requests.Response | None:
        """The answer; None for 404."""
        try:
            answer = self._client.post(f"/api/claims{path}", json=body)
        except ServiceUnavailable as error:
            raise OutsideUnavailable("registration") from error
        if answer.status_code == requests.codes.not_found:
            return None
        if answer.status_code != wanted:
            raise OutsideUnavailable(f"registration: http {answer.status_code}")
        return answer
