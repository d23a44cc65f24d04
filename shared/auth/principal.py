"""The one who asks: kind, role, registry and organisation, as signed by the log-in service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What sort of party somebody is."""

    USER = "user"
    CITIZEN = "citizen"
    APPLICANT = "applicant"
    SERVICE = "service"
    ANONYMOUS = "anonymous"


class Role(StrEnum):
    """Roles of users, as in the registry's manual and guidelines."""

    LU = "LU"
    LC = "LC"
    SC = "SC"
    SECRETARIAT = "SECRETARIAT"
    MANAGER = "MANAGER"
    COUNCIL = "COUNCIL"
    PVO = "PVO"
    STATISTICIAN = "STATISTICIAN"


@dataclass(frozen=True, kw_only=True)
class Principal:
    """One party that may act; `name` is for page headers and the change log, left out of `repr` and log lines."""

    kind: Kind
    subject: str
    role: str | None = None
    registry: str | None = None
    organisation: int | None = None
    name: str = field(default="", repr=False)
    authenticated_at: datetime | None = None
    issued_at: datetime | None = None
    acr: str = ""
    amr: tuple[str, ...] = ()
    client_id: str | None = None
    language: str | None = None

    @property
    def is_signed_in(self) -> bool:
        """True for everybody but the anonymous visitor."""
        return self.kind is not Kind.ANONYMOUS

    @property
    def user_id(self) -> int | None:
        """Number of the user in the log-in service; None for citizens, applicants, services and visitors."""
        return int(self.subject) if self.kind is Kind.USER and self.subject.isdecimal() else None

    @property
    def actor(self) -> str:
        """Short text for logs and audit rows, such as "user:12" or "service:eprom"."""
        return f"{self.kind.value}:{self.subject}"

    def to_json(self) -> dict[str, Any]:
        """Return the principal as plain JSON, as kept in a session."""
        return {
            "kind": self.kind.value,
            "subject": self.subject,
            "role": self.role,
            "registry": self.registry,
            "organisation": self.organisation,
            "name": self.name,
            "authenticated_at": _stamp(self.authenticated_at),
            "issued_at": _stamp(self.issued_at),
            "acr": self.acr,
            "amr": list(self.amr),
            "client_id": self.client_id,
            "language": self.language,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Return the principal kept by `to_json`."""
        return cls(
            kind=Kind(body["kind"]),
            subject=body["subject"],
            role=body["role"],
            registry=body["registry"],
            organisation=body["organisation"],
            name=body["name"],
            authenticated_at=_moment(body["authenticated_at"]),
            issued_at=_moment(body["issued_at"]),
            acr=body["acr"],
            amr=tuple(body["amr"]),
            client_id=body["client_id"],
            language=body["language"],
        )


ANONYMOUS = Principal(kind=Kind.ANONYMOUS, subject="")


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _moment(stamp: str | None) -> datetime | None:
    return None if stamp is None else datetime.fromisoformat(stamp)
