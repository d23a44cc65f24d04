"""Who may call the stand-ins, with which key or secret, for which scopes and from which addresses."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.standins.client_keys import HELSENORGE_FILE, NATIONAL_FILE, SECRETS_FILE
from deploy.standins.settings import StandinSettings
from shared.auth.client_keys import ClientKeys
from shared.auth.keys import PublicKey

CONTACT, MAILBOX = "krr:global/kontaktinformasjon.read", "krr:global/digitalpost.read"
POPULATION = "nhn:hgd-persontjenesten-api/full-access"
TASKS = "nhn:helsenorge.eksternapi/oppgave"


@dataclass(frozen=True, kw_only=True)
class Client:
    """One service as the outside world has registered it."""

    name: str
    maskinporten_scopes: frozenset[str] = frozenset()
    helseid_scopes: frozenset[str] = frozenset()
    broker_id: int | None = None
    address: str | None = None
    is_for_staff: bool = False

    @property
    def redirect_uri(self) -> str:
        """Where ID-porten sends the browser after log-in."""
        return f"{self.address}/callback"

    @property
    def after_logout_uri(self) -> str:
        """Where ID-porten sends the browser after log-out."""
        return f"{self.address}/"

    @property
    def frontchannel_logout_uri(self) -> str:
        """What ID-porten loads in a frame to end the client's session."""
        return f"{self.address}/frontchannel-logout"


class Clients:
    """The registered clients and their keys; key files may come after the start and are read when they change."""

    def __init__(self, settings: StandinSettings) -> None:
        self._folder = settings.keys
        self._clients = {client.name: client for client in _registered(settings.services)}
        self._keys = ClientKeys(settings.keys)

    def find(self, name: str) -> Client | None:
        """Return the client, or None."""
        return self._clients.get(name)

    def by_broker(self, broker_id: str) -> Client | None:
        """Return the client with this Digipost broker id, or None."""
        return next((c for c in self._clients.values() if str(c.broker_id) == broker_id), None)

    def citizen_clients(self) -> list[Client]:
        """Return the clients registered at ID-porten."""
        return [client for client in self._clients.values() if client.address]

    def public_key(self, name: str) -> PublicKey | None:
        """Return the public key of a client with its thumbprint as kid, or None if no key file is there."""
        return self._keys.of(name)

    def has_secret(self, name: str, secret: str) -> bool:
        """Tell whether it is the client's secret."""
        known = self._told(SECRETS_FILE)
        return bool(known.get(name)) and hmac.compare_digest(known[name].encode(), secret.encode())

    def orderer_of(self, key: str) -> Client | None:
        """Return who orders forms with this key at the national ePROM, or None."""
        known = self._told(NATIONAL_FILE).items()
        found = [name for name, kept in known if hmac.compare_digest(kept.encode(), key.encode())]
        return self.find(found[0]) if found else None

    def order_key(self, name: str) -> str:
        """Return the key by which the national ePROM and an orderer know each other; empty if there is none."""
        return self._told(NATIONAL_FILE).get(name, "")

    def filling_key(self, name: str) -> str:
        """Return the key by which Helsenorge's filling service proves itself to a sender; empty if there is none."""
        return self._told(HELSENORGE_FILE).get(name, "")

    def _told(self, file: str) -> Mapping[str, str]:
        path = self._folder / file
        known: Mapping[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return known


def _registered(services: Mapping[str, str]) -> list[Client]:
    return [
        Client(name="identity", address=services.get("identity"), is_for_staff=True),
        Client(
            name="registration",
            maskinporten_scopes=frozenset({CONTACT, POPULATION}),
            helseid_scopes=frozenset({POPULATION}),
            broker_id=4001,
        ),
        Client(
            name="eprom",
            maskinporten_scopes=frozenset({CONTACT, MAILBOX}),
            helseid_scopes=frozenset({TASKS}),
            broker_id=4002,
            address=services.get("eprom"),
        ),
        Client(name="reservation", broker_id=4003, address=services.get("reservation")),
        Client(name="release", broker_id=4004, address=services.get("release")),
    ]
