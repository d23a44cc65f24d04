"""An orderer of the national ePROM, for tests: it orders with its key and hears what comes of it."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Flask, jsonify, request

from deploy.standins.national_worker import work
from shared.testing.wsgi_http import WsgiAdapter
from tests.standins.world import URL

PASREG, HADS = "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0001", "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0002"
DRAFT, WITHDRAWN = "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0098", "3b7c1e52-90d4-4c8a-9d0e-5f1a6b2c0099"


class Orderer:
    """Eprom's place in the stand-ins' world; `says` is what it answers to news."""

    def __init__(self, world):
        self.world, self.heard, self.says, self.status = world, [], {"success": True}, 200
        self.key = json.loads((world.settings.keys / "national_keys.json").read_text())["eprom"]
        app = Flask("orderer", static_folder=None)
        app.add_url_rule("/eprom/api/PromsFormOrder", view_func=self.hear, methods=["PUT"])
        world.parts.http.mount(URL, WsgiAdapter(app, URL))

    def hear(self):
        self.heard.append(request.get_json())
        return jsonify(self.says), self.status

    def body(self, name="Granlid", **changes):
        expires_at = self.world.clock.now() + timedelta(days=30)
        facts = {"formId": HADS, "nationalId": self.world.person(name).number, "expiryDate": expires_at.isoformat()}
        return {name: value for name, value in {**facts, **changes}.items() if value is not None}

    def post(self, body, **headers):
        headers = {"Authorization": f"Basic {self.key}", **headers}
        return self.world.http.post("/national/api/v2/formorder", json=body, headers=headers)

    def order(self, name="Granlid", **changes):
        """Place an order without faults and return its id."""
        answer = self.post(self.body(name, **changes))
        assert answer.status_code == 200, answer.text
        return answer.json["id"]

    def work(self):
        return work(self.world.parts)

    def act(self, order_id, act, body=None):
        return self.world.http.post(f"/national-orders/{order_id}/{act}", json=body or {})

    def switch(self, **switches):
        assert self.world.http.post("/national-orders/switches", json=switches).status_code == 200

    @property
    def statuses(self):
        return [news["formOrderStatus"] for news in self.heard]
