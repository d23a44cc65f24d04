"""The national order interface, answered by this suite: other registries order our forms."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from werkzeug.exceptions import ServiceUnavailable

from services.eprom.domain.errors import RuleBroken
from services.eprom.domain.national import NOBODY, NotificationChannel
from services.eprom.domain.outside_orders import CHANNELS, WAYS, OutsideRequest, read_request
from services.eprom.queries.orderers import orderer_with_key
from services.eprom.usecases.means import Means
from services.eprom.usecases.outside_orders import catalogue, take_outside_order
from services.eprom.usecases.ports import OutsideUnavailable
from shared.web.throttle import opened_by_key

form_orders = Blueprint("form_orders", __name__, url_prefix="/api/v2", description="For other registries")
_SCHEME = "Basic "


@form_orders.route("/formorder", methods=["POST"])
@form_orders.doc(summary="Order a form", security=[])
def order() -> ResponseReturnValue:
    """Take an order; 400 in plain text for a malformed one, 401 without an orderer's key, 429 after many guesses."""
    means: Means = current_app.extensions["eprom"]
    header = request.headers.get("Authorization", "")
    key = header.removeprefix(_SCHEME) if header.startswith(_SCHEME) else ""
    orderer = opened_by_key(lambda: orderer_with_key(key, uow=means.uow)) if key else None
    if orderer is None:
        return Response("the key of an orderer is needed", 401, {"WWW-Authenticate": "Basic"}, mimetype="text/plain")
    body: Any = request.get_json(silent=True)
    try:
        wanted = read_request(body, catalogue(), means.clock.now())
    except RuleBroken as broken:
        return Response(broken.code, 400, mimetype="text/plain")
    try:
        order_id = take_outside_order(wanted, orderer, claims=means.claims, uow=means.uow)
    except OutsideUnavailable as error:
        raise ServiceUnavailable from error
    return jsonify(_echo(body, wanted, order_id, means.public_url))


def _echo(body: dict[str, Any], wanted: OutsideRequest, order_id: str, public_url: str) -> dict[str, Any]:
    """What was asked, with the id; the channel is the one liked best, the real one is told later."""
    way = NotificationChannel.NONE if order_id == NOBODY else WAYS[CHANNELS[wanted.rule][0]]
    return {
        **body,
        "id": order_id,
        "singleUseCode": None,
        "loginUrl": f"{public_url}/",
        "notificationChannel": list(NotificationChannel).index(way),
    }
