"""What the national ePROM tells an orderer: the body of `PUT /api/PromsFormOrder`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from deploy.standins.national_codes import NOBODY, ErrorCode, Status, Way, number_of
from shared.scheduling.clock import oslo

# In which way the form was opened and handed in; the moments are written without a zone, as the real ones are.
_LOGGED = ("FormOpened", "FormDelivered")


def status_news(order: Mapping[str, Any], order_id: str, status: Status, code: ErrorCode, way: Way) -> dict[str, Any]:
    """Return the news of a status; both moments are those of the order, not of the status."""
    ordered_at = datetime.fromisoformat(order["ordered_at"])
    return {
        "formOrderId": order_id,
        "notificationChannel": way,
        "timestamp": oslo(ordered_at).replace(tzinfo=None).isoformat(timespec="seconds"),
        "timestampUtc": f"{ordered_at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z",
        "formOrderStatus": status,
        "formOrderStatusErrorCode": code,
    }


def answer_news(order: Mapping[str, Any], order_id: str, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the news of a completed form; the answers are a text with JSON in it."""
    logged_at = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.000")
    news: dict[str, Any] = {
        "formOrderId": order_id,
        "formData": json.dumps(answers),
        "formOrderStatus": Status.COMPLETED,
        "formOrderStatusErrorCode": ErrorCode.NONE,
        "signedFormId": NOBODY,
        "scannedPaperId": NOBODY,
        "timestamp": oslo(now).isoformat(timespec="seconds"),
        "formDataWarnings": [],
        "notificationChannel": order["way"],
        "isPatientInitiated": False,
        "patientInitiatedValues": None,
        "formOrderEventLog": [{"eventType": kind, "timestampUtc": logged_at} for kind in _LOGGED],
    }
    if order["way"] == Way.HELSENORGE:
        act = "Foreldrerepresentasjon" if order["parent"] else "SegSelv"
        number = order["parent"] or order["number"]
        news["filledOutBy"] = {"filledOutByActNationalId": number, "filledOutByActType": act}
    return news


def as_sent(news: Mapping[str, Any], key: str, *, all_names: bool) -> dict[str, Any]:
    """Return the news with the orderer's key; the channel is a number unless all codes are wanted as names."""
    way = Way(news["notificationChannel"])
    return {"apiKey": key, **news, "notificationChannel": way if all_names else number_of(way)}
