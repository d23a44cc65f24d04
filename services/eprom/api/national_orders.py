"""What the national ePROM tells: order status and completed forms, both by `PUT /api/PromsFormOrder`."""

from __future__ import annotations

import hmac
import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask import current_app
from flask_smorest import Blueprint
from werkzeug.exceptions import Forbidden

from services.eprom.domain.deadlines import OSLO
from services.eprom.domain.misfit import warned
from services.eprom.domain.national import News, NotificationChannel, Status, StatusError, code_of
from services.eprom.domain.representation import FilledOutBy
from services.eprom.usecases.means import Means
from services.eprom.usecases.national_news import take_news
from shared.web.throttle import opened_by_key

BY_PARENT = "Foreldrerepresentasjon"

national_orders = Blueprint("national_orders", __name__, url_prefix="/api", description="For the national ePROM")


class CodeField(ma.fields.Field[Any]):
    """A code of the interface, as its name in any case or its number."""

    def __init__(self, kind: Any, **more: Any) -> None:
        super().__init__(**more)
        self._kind = kind

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        _ = attr, data, more
        code = code_of(value, self._kind)
        if code is None:
            raise ma.ValidationError("no such code")
        return code


class FormDataField(ma.fields.Field[Any]):
    """A text that holds a JSON object of answers by field."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        _ = attr, data, more
        try:
            found = json.loads(value) if isinstance(value, str) else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise ma.ValidationError("a text with a JSON object is expected")
        return found


class WarningsField(ma.fields.Field[Any]):
    """What they say of single fields; nothing in it keeps answers from being taken."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        _ = attr, data, more
        given = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
        lines = [{str(name).lower(): said for name, said in one.items()} for one in given]
        return [warned(str(one.get("fieldname") or ""), str(one["warning"])) for one in lines if one.get("warning")]


class FilledOutByField(ma.fields.Field[Any]):
    """In whose place somebody has answered; who it was is told too, and not read."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        _ = attr, data, more
        told = {str(name).lower(): said for name, said in value.items()} if isinstance(value, Mapping) else {}
        return FilledOutBy.PARENT if told.get("filledoutbyacttype") == BY_PARENT else FilledOutBy.PATIENT


class NewsSchema(ma.Schema):
    """One piece of news; names of properties in any case, and those that eprom has no use for are passed over."""

    class Meta:
        """They may tell more than is read here."""

        unknown = ma.EXCLUDE

    apiKey = ma.fields.String(required=True)  # noqa: N815 - their names
    formOrderId = ma.fields.UUID(required=True)  # noqa: N815
    formOrderStatus = CodeField(Status, required=True)  # noqa: N815
    formOrderStatusErrorCode = CodeField(StatusError, load_default=StatusError.NONE, allow_none=True)  # noqa: N815
    notificationChannel = CodeField(  # noqa: N815
        NotificationChannel, load_default=NotificationChannel.NONE, allow_none=True
    )
    formData = FormDataField(load_default=None, allow_none=True)  # noqa: N815
    formDataWarnings = WarningsField(load_default=(), allow_none=True)  # noqa: N815
    filledOutBy = FilledOutByField(load_default=FilledOutBy.PATIENT, allow_none=True)  # noqa: N815
    timestamp = ma.fields.DateTime(load_default=None, allow_none=True)

    @ma.pre_load
    def by_name(self, data: Any, **more: Any) -> Any:
        """Know properties whatever the case of their letters."""
        _ = more
        if not isinstance(data, Mapping):
            return data
        known = {name.lower(): name for name in self.fields}
        return {known.get(str(name).lower(), str(name)): value for name, value in data.items()}


class ReceiptSchema(ma.Schema):
    """Whether the news need not be told again."""

    success = ma.fields.Boolean(required=True)


@national_orders.route("/PromsFormOrder", methods=["PUT"])
@national_orders.arguments(NewsSchema)
@national_orders.response(200, ReceiptSchema)
def receive(told: dict[str, Any]) -> dict[str, bool]:
    """Take news of an order; 403 without the key that both sides know, 429 after many guesses."""
    means: Means = current_app.extensions["eprom"]
    if opened_by_key(lambda: _is_theirs(told["apiKey"], means.national_key) or None) is None:
        raise Forbidden
    form_order_id: uuid.UUID = told["formOrderId"]
    news = News(
        form_order_id=str(form_order_id),
        status=told["formOrderStatus"],
        channel=told["notificationChannel"] or NotificationChannel.NONE,
        answers=told["formData"],
        handed_in_at=_moment(told["timestamp"]),
        warnings=told["formDataWarnings"] or (),
        filled_out_by=told["filledOutBy"] or FilledOutBy.PATIENT,
    )
    return {"success": take_news(news, schedules=means.schedules, uow=means.uow)}


def _is_theirs(key: str, national_key: str | None) -> bool:
    return national_key is not None and hmac.compare_digest(key.encode(), national_key.encode())


def _moment(told: datetime | None) -> datetime | None:
    """The moment in UTC; without an offset it is Norwegian time."""
    if told is None:
        return None
    return (told if told.tzinfo else told.replace(tzinfo=OSLO)).astimezone(UTC)
