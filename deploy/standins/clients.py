"""Who may call the stand-ins, with which key or secret, for which scopes and from which addresses."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from joserfc.jwk import RSAKey

from deploy.standins.client_keys import SECRETS_FILE
from deploy.standins.settings import StandinSettings

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
        self._keys: dict[Path, tuple[int, RSAKey]] = {}

    def find(self, name: str) -> Client | None:
        """Return the client, or None."""
        return self._clients.get(name)

    def by_broker(self, broker_id: str) -> Client | None:
        """Return the client with this Digipost broker id, or None."""
        return next((c for c in self._clients.values() if str(c.broker_id) == broker_id), None)

    def citizen_clients(self) -> list[Client]:
        """Return the clients registered at ID-porten."""
        return [client for client in self._clients.values() if client.address]

    def public_key(self, name: str) -> RSAKey | None:
        """Return the public key of a client with its thumbprint as kid, or None if no key file is there."""
        for path in (self._folder / f"{name}_client.pub.pem", self._folder / f"{name}_client.pem"):
            if path.is_file():
                return self._read(path)
        return None

    def has_secret(self, name: str, secret: str) -> bool:
        """Tell whether it is the client's secret."""
        path = self._folder / SECRETS_FILE
        known: Mapping[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return bool(known.get(name)) and hmac.compare_digest(known[name].encode(), secret.encode())

    def _read(self, path: Path) -> RSAKey:
        stamp = path.stat().st_mtime_ns
        if path not in self._keys or self._keys[path][0] != stamp:
            pem = path.read_bytes()
            if b"PRIVATE" in pem:
                pem = _public_half(pem)
            key = RSAKey.import_key(pem)
            key.ensure_kid()
            self._keys[path] = (stamp, key)
        return self._keys[path][1]


def _public_half(pem: bytes) -> bytes:
    # Checking the whole private key takes long and tells nothing about the half that is used here.
    public = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


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
