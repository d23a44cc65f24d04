"""Answers fetched from eprom, with this service's own token."""

from __future__ import annotations

from datetime import datetime

import requests

from services.registration.domain.patient_form import FilledOutBy
from services.registration.usecases.ports import Answers, Misfit, OutsideUnavailable
from shared.auth.errors import ServiceUnavailable
from shared.auth.service_client import ServiceClient


class EpromAnswers:
    """Eprom's `/api/answers/<order_id>`."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def fetch(self, order_id: str) -> Answers | None:
        """The answers of an order, or None if eprom has them no more; raises OutsideUnavailable."""
        try:
            response = self._client.get(f"/api/answers/{order_id}")
        except ServiceUnavailable as error:
            raise OutsideUnavailable("eprom") from error
        if response.status_code == requests.codes.not_found:
            return None
        if response.status_code != requests.codes.ok:
            raise OutsideUnavailable(f"eprom: http {response.status_code}")
        try:
            return _read(response.json())
        except (ValueError, KeyError, TypeError) as error:
            raise OutsideUnavailable(f"eprom: {type(error).__name__}") from None


def _read(body: dict[str, object]) -> Answers:
    document, misfits = body["document"], body["misfits"]
    if not isinstance(document, dict) or not isinstance(misfits, list):
        raise TypeError("document")
    return Answers(
        order_id=str(body["order_id"]),
        course_id=int(str(body["course_id"])),
        pid=int(str(body["pid"])),
        form=str(body["form"]),
        definition_version=int(str(body["definition_version"])),
        document=document,
        answered_at=datetime.fromisoformat(str(body["answered_at"])),
        filled_out_by=FilledOutBy(str(body["filled_out_by"])),
        misfits=[Misfit(field=one["field"], value=one["value"], warning=one["warning"]) for one in misfits],
    )
