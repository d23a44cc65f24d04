"""Refusals the kit itself raises, and the body of problem details (RFC 9457) they become on the JSON side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_wtf.csrf import CSRFError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    HTTPException,
    ServiceUnavailable,
    TooManyRequests,
    Unauthorized,
    UnprocessableEntity,
)

PROBLEM_JSON = "application/problem+json"
TYPE = "urn:registry:problem:"


class LogInNeeded(Unauthorized):
    """A form was sent without a session; the page asks for a new log-in and keeps what was typed."""

    problem = "log_in_needed"

    def __init__(self) -> None:
        super().__init__(www_authenticate=WWWAuthenticate("Session"))


class BearerNeeded(Unauthorized):
    """The JSON side wants a token; `challenge` is the WWW-Authenticate header."""

    def __init__(self, challenge: str) -> None:
        super().__init__()
        self._challenge = challenge

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        """Return the headers with the challenge, quoted as RFC 6750 shows it."""
        return [*super().get_headers(*args, **kwargs), ("WWW-Authenticate", self._challenge)]


class FreshLogInNeeded(Forbidden):
    """The act needs a log-in younger than five minutes."""

    problem = "fresh_log_in_needed"


class SignInRefused(Forbidden):
    """The log-in at the provider did not complete; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.problem = f"sign_in_{code}"


class BadCursor(BadRequest):
    """A page cursor that this service did not make."""

    problem = "bad_cursor"


class KeyReused(UnprocessableEntity):
    """An Idempotency-Key was sent again with another body."""

    problem = "idempotency_key_reused"


class KeyMalformed(BadRequest):
    """An Idempotency-Key that is too short, too long or holds odd signs."""

    problem = "idempotency_key_malformed"


class StillWorking(Conflict):
    """The first request with this Idempotency-Key is not answered yet."""

    problem = "still_working"

    def get_headers(self, *args: Any, **kwargs: Any) -> list[tuple[str, str]]:
        """Return the headers with the time to wait."""
        return [*super().get_headers(*args, **kwargs), ("Retry-After", "1")]


class AlreadyApplied(Conflict):
    """The first request with this Idempotency-Key took effect, but its answer was lost in a crash."""

    problem = "already_applied"


class TooMany(TooManyRequests):
    """More requests than the limit; `retry_after` in whole seconds."""

    problem = "too_many"

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after=max(1, retry_after))


class Unavailable(ServiceUnavailable):
    """The database or another service is away for the moment."""

    problem = "unavailable"

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__(retry_after=retry_after)


def bearer_challenge(error: str) -> Unauthorized:
    """Return a 401 that says how to authenticate on the JSON side; `error` as in RFC 6750, empty for no token."""
    return BearerNeeded(f'Bearer realm="api", error="{error}"' if error else 'Bearer realm="api"')


def problem_code(error: HTTPException) -> str:
    """Return the kit's own code of an error, or "http_<status>"."""
    if isinstance(error, CSRFError):
        return "csrf"
    found = getattr(error, "problem", None)
    return found if isinstance(found, str) else f"http_{error.code}"


def problem_body(
    code: str, status: int, *, title: str, detail: str, correlation_id: str, errors: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the body of one problem; `errors` by place and field as marshmallow gives them."""
    body: dict[str, Any] = {
        "type": "about:blank" if code.startswith("http_") else f"{TYPE}{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "correlation_id": correlation_id,
    }
    return {**body, "errors": errors} if errors else body
