"""Other registries, which hear what became of their orders at their own address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from services.eprom.gateways.outside import ask, body_of
from services.eprom.usecases.ports import OutsideUnavailable

_OK = 200


class OrdererLines:
    """`PUT <base address>/api/PromsFormOrder`; only a confirmed receipt counts."""

    def __init__(self, http: requests.Session) -> None:
        self._http = http

    def tell(self, base_url: str, news: Mapping[str, Any]) -> None:
        """Tell one piece of news; raises OutsideUnavailable unless it is acknowledged."""
        answer = ask(self._http, "PUT", f"{base_url}/api/PromsFormOrder", json=dict(news))
        if answer.status_code != _OK or body_of(answer).get("success") is not True:
            raise OutsideUnavailable(f"orderer {answer.status_code}")
