"""HTTP without sockets: requests sent to an address are answered by a WSGI app in the same process."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPResponse
from werkzeug.test import Client

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WsgiAdapter(BaseAdapter):
    """Answers requests from a WSGI app; `is_down` lets it refuse connections, `sent` keeps what was asked."""

    def __init__(self, app: WsgiApp, base_url: str) -> None:
        super().__init__()
        self._client = Client(app, use_cookies=False)
        self._base_url = base_url.rstrip("/")
        self.is_down = False
        self.sent: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request to the app; one without a time limit is refused."""
        _ = args
        if kwargs.get("timeout") is None:
            raise AssertionError("a call without a time limit")
        self.sent.append(request)
        if self.is_down:
            raise requests.ConnectionError(request=request)
        return _answer(request, self._ask(request))

    def close(self) -> None:
        """Nothing is held open."""

    def _ask(self, request: requests.PreparedRequest) -> Any:
        parts = urlsplit(request.url or "")
        base = urlsplit(self._base_url)
        return self._client.open(
            parts.path.removeprefix(base.path) or "/",
            method=request.method,
            base_url=self._base_url,
            query_string=parts.query,
            headers=list(request.headers.items()),
            data=request.body,
        )


def wsgi_http(apps: Mapping[str, WsgiApp]) -> requests.Session:
    """Return an HTTP session in which each base address ("http://eprom.test") is a WSGI app; nothing else exists."""
    session = requests.Session()
    session.trust_env = False
    session.adapters.clear()
    for base_url, app in apps.items():
        session.mount(base_url, WsgiAdapter(app, base_url))
    return session


def _answer(request: requests.PreparedRequest, found: Any) -> requests.Response:
    response = requests.Response()
    response.status_code = found.status_code
    response.headers = CaseInsensitiveDict(found.headers.items())
    response.url = request.url or ""
    response.request = request
    response.encoding = "utf-8"
    response.raw = HTTPResponse(io.BytesIO(found.get_data()), preload_content=False)
    return response
