"""Folkeregisteret through the health sector's person service, api-version 2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import requests

from services.registration.domain.person import PersonFacts
from services.registration.domain.representation import Family, Representative
from services.registration.gateways.person_document import (
    is_alive,
    is_protected,
    number_in_use,
    read_person,
    responsible_for,
)
from services.registration.usecases.ports import Changes, OutsideUnavailable
from shared.auth.errors import ProviderUnavailable
from shared.auth.helseid import HelseId

__all__ = ["PARTS", "SCOPE", "PersonService", "read_person"]

SCOPE = "nhn:hgd-persontjenesten-api/full-access"
PARTS = (
    "Name",
    "Gender",
    "Birth",
    "Death",
    "AddressProtection",
    "ResidentialAddress",
    "NorwegianIdentificationNumber",
)
# Parental responsibility is confidential there: asked for when somebody is to answer for a child, and never kept.
PARENT_PARTS = ("NorwegianIdentificationNumber", "Death", "AddressProtection", "ResidentialAddress")
CHILD_PARTS = ("ParentalResponsibility", "AddressProtection", "ResidentialAddress")
KINDS = frozenset({"PersonIsDeceased", "ChangeInDeath", "ChangeInName", "ChangeInAddressProtection"})
MOST_PERSONS = 100
T = TypeVar("T")


class PersonService:
    """Looks persons up and follows what changes; a number travels in the body, never in an address."""

    def __init__(self, url: str, helseid: HelseId) -> None:
        self._url = f"{url}/api/legal-basis"
        self._helseid = helseid

    def look_up(self, number: str) -> PersonFacts | None:
        """The person with this number, or None; raises OutsideUnavailable, which never says who was asked for."""
        response = self._person("get-by-nin", {"nin": number})
        if response.status_code == requests.codes.not_found:
            return None
        return _read(response, lambda body: read_person(body, number))

    def family_of(self, number: str) -> Family:
        """The child's living parents with parental responsibility; raises OutsideUnavailable."""
        response = self._person("get-by-nin", {"nin": number}, CHILD_PARTS)
        if response.status_code == requests.codes.not_found:
            return Family(is_protected=False, parents=())
        is_hidden, numbers = _read(response, lambda body: (is_protected(body), responsible_for(body, number)))
        return Family(is_protected=is_hidden, parents=self._parents(list(dict.fromkeys(numbers))))

    def _parents(self, numbers: Sequence[str]) -> Sequence[Representative]:
        if not numbers:
            return ()
        response = self._person("bulk-by-nin", {"nins": list(numbers)}, PARENT_PARTS)
        return _read(
            response,
            lambda body: [
                Representative(number=number_in_use(one), is_protected=is_protected(one))
                for one in body
                if is_alive(one)
            ],
        )

    def newest(self) -> int:
        """The newest position of the feed; raises OutsideUnavailable."""
        response = self._send("GET", "/event/latest")
        if response.status_code == requests.codes.not_found:
            return 0
        return _read(response, lambda body: int(body["sequenceNumber"]))

    def after(self, position: int) -> Changes:
        """The next changes after a position, with the persons as they are now; raises OutsideUnavailable."""
        # All kinds are asked for: were they sifted there, a long row of others would look like the end of the feed.
        asked = {"sequenceNumber": str(position + 1)}
        events = _read(self._send("GET", "/event", params=asked), _events)
        ids = list(dict.fromkeys(person_id for _, person_id, kind in events if kind in KINDS))
        persons = [person for some in _pieces(ids) for person in self._by_ids(some)]
        return Changes(position=max([position, *(number for number, _, _ in events)]), persons=persons)

    def _by_ids(self, ids: Sequence[str]) -> list[PersonFacts]:
        response = self._person("bulk-by-id", {"personIds": list(ids)})
        return _read(response, lambda body: [read_person(one, number_in_use(one)) for one in body])

    def _person(self, question: str, fields: dict[str, Any], parts: Sequence[str] = PARTS) -> requests.Response:
        asked = {"informationParts": ",".join(parts), "includeHistory": "false"}
        return self._send("POST", f"/person/{question}", params=asked, data=fields)

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        try:
            return self._helseid.request(method, f"{self._url}{path}", headers={"api-version": "2"}, **more)
        except (ProviderUnavailable, requests.RequestException) as error:
            raise OutsideUnavailable(type(error).__name__) from None


def _read(response: requests.Response, read: Callable[[Any], T]) -> T:
    if response.status_code != requests.codes.ok:
        raise OutsideUnavailable(f"http {response.status_code}")
    try:
        return read(response.json())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutsideUnavailable(type(error).__name__) from None


def _events(body: Any) -> list[tuple[int, str, str]]:
    return [(int(one["sequenceNumber"]), str(one["personId"]), str(one["eventType"])) for one in body["results"]]


def _pieces(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), MOST_PERSONS):
        yield ids[start : start + MOST_PERSONS]
