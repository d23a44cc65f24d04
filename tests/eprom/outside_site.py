"""Eprom with another registry that orders forms here, and registration's doors for numbers beside it."""

from __future__ import annotations

import uuid
from datetime import timedelta

from flask import Flask, Response, jsonify, request
from sqlalchemy import select

from services.eprom.domain.outside_orders import form_id
from services.eprom.store.tables import OrderRow, OutsideRow
from services.eprom.usecases.orderers import add_orderer
from shared.forms.catalogue import registry
from shared.testing.wsgi_http import WsgiAdapter
from tests.eprom.site import KARI, NUMBERS, Site

ORDERER = "http://localhost:8020"


class Orderer:
    """Another registry's receiving side."""

    def __init__(self):
        self.heard, self.says = [], {"success": True}
        self.app = Flask("orderer", static_folder=None)
        self.app.add_url_rule("/api/PromsFormOrder", view_func=self.hear, methods=["PUT"])

    def hear(self):
        self.heard.append(request.get_json())
        return jsonify(self.says)

    @property
    def statuses(self):
        return [news["formOrderStatus"] for news in self.heard]


class OutsideSite(Site):
    """Eprom, one orderer with its key, and registration that keeps claims."""

    def __init__(self, folder, database_url):
        super().__init__(folder, database_url)
        self.orderer, self.claims, self.alive = Orderer(), {}, set(NUMBERS.values())
        self.http.mount(ORDERER, WsgiAdapter(self.orderer.app, ORDERER))
        app = self.registration.app
        for path, view in (("", self.make), ("/redeem", self.redeem), ("/release", self.release)):
            app.add_url_rule(f"/api/claims{path}", endpoint=f"claims{path}", view_func=view, methods=["POST"])
        self.key = add_orderer("nakke", ORDERER, secret=self.means.link_key, uow=self.uow)

    def make(self):
        if request.json["number"] not in self.alive:
            return Response(status=404)
        claim = len(self.claims) + 41
        self.claims[claim] = request.json["number"]
        return jsonify(claim=claim), 201

    def redeem(self):
        number = self.claims.get(request.json["claim"])
        return jsonify(number=number, is_protected=False) if number in self.alive else Response(status=404)

    def release(self):
        self.claims[request.json["claim"]] = None
        return Response(status=204)

    def body(self, pid=KARI, form="pasreg", **changes):
        newest = registry("smertereg").form(form).version
        expires_at = self.clock.now() + timedelta(days=30)
        facts = {"nationalId": NUMBERS[pid], "expiryDate": expires_at.isoformat()}
        facts["formId"] = form_id("smertereg", form, newest)
        return {name: value for name, value in {**facts, **changes}.items() if value is not None}

    def post(self, body, **headers):
        headers = {"Authorization": f"Basic {self.key}", **headers}
        return self.app.test_client().post("/api/v2/formorder", json=body, headers=headers)

    def ordered(self, pid=KARI, **changes):
        """An order that was taken, as ours."""
        answer = self.post(self.body(pid, **changes))
        assert answer.status_code == 200, answer.text
        assert uuid.UUID(answer.json["id"]).int
        return self.ours(answer.json["id"])

    def ours(self, form_order_id):
        query = select(OutsideRow.order_id).where(OutsideRow.form_order_id == form_order_id)
        with self.database.reading() as session:
            return session.scalar(query)

    def orders(self):
        with self.database.reading() as session:
            return session.scalars(select(OrderRow)).all()

    def work(self, **later):
        """Let the worker do what is due, now or later."""
        self.work_until(self.clock.now() + timedelta(**later))
