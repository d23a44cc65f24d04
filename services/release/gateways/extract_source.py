"""Extracts fetched from registration, with this service's own token."""

from __future__ import annotations

from shared.auth.errors import ServiceUnavailable
from shared.auth.service_client import ServiceClient

_OK, _NOT_FOUND = 200, 404


class RegistrationExtracts:
    """Registration's `/api/extracts/<id>`."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    def fetch(self, extract_id: str) -> bytes | None:
        """Return the encrypted file, or None if registration has it no more; raises ServiceUnavailable."""
        answer = self._client.get(f"/api/extracts/{extract_id}")
        if answer.status_code == _NOT_FOUND:
            return None
        if answer.status_code != _OK:
            raise ServiceUnavailable("registration")
        return answer.content
