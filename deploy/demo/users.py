"""The users of the demo: the roles of both registries, and clinicians of four hospitals."""

from __future__ import annotations

from typing import NamedTuple

from shared.auth.principal import Kind, Principal

SMERTEREG, NORPAIN = "smertereg", "norpain"
PASSWORD = "Lerka-synger-7-ganger"  # noqa: S105 - opens demo data on one machine only
HAUKELAND, STAVANGER, ST_OLAVS, UNN = 100082, 100083, 100320, 101719
HOSPITALS = {
    HAUKELAND: "Haukeland universitetssjukehus",
    STAVANGER: "Stavanger universitetssjukehus",
    ST_OLAVS: "St. Olavs hospital",
    UNN: "Universitetssykehuset Nord-Norge",
}
SHORT_NAMES = {HAUKELAND: "Haukeland", STAVANGER: "Stavanger", ST_OLAVS: "St. Olavs", UNN: "UNN"}


APPLICANT = {
    "user_name": "ny.sykepleier",
    "full_name": "Nora Ytrehus",
    "mobile": "+4740000099",
    "email": "ny.sykepleier@sykehus.example",
    "position": "nurse",
}


class DemoUser(NamedTuple):
    """One user: `place` is a RESH id, or None for the whole registry; the role is the same in all `registries`."""

    user_name: str
    full_name: str
    role: str
    place: int | None
    position: str
    mobile: str
    registries: tuple[str, ...] = (SMERTEREG,)

    @property
    def email(self) -> str:
        """An address that leads nowhere."""
        return f"{self.user_name}@sykehus.example"

    @property
    def hospital(self) -> str:
        """The hospital's name, or nothing."""
        return HOSPITALS.get(self.place, "") if self.place else ""


USERS = (
    DemoUser("lise.lege", "Lise Fagerli", "LU", HAUKELAND, "physician", "+4740000001"),
    DemoUser("siri.sykepleier", "Siri Mobakken", "LU", HAUKELAND, "nurse", "+4740000002"),
    DemoUser("kjell.koordinator", "Kjell Utvik", "LC", HAUKELAND, "nurse", "+4740000003"),
    DemoUser("stig.lege", "Stig Ravndal", "LU", STAVANGER, "physician", "+4740000004"),
    DemoUser("stine.koordinator", "Stine Hauge", "LC", STAVANGER, "nurse", "+4740000005"),
    DemoUser("tora.lege", "Tora Leangen", "LU", ST_OLAVS, "physician", "+4740000006"),
    DemoUser("nils.koordinator", "Nils Breivik", "LC", UNN, "nurse", "+4740000007", (SMERTEREG, NORPAIN)),
    DemoUser("nina.nasjonal", "Nina Solvang", "SC", None, "registry_coordinator", "+4740000008"),
    DemoUser("saksbehandler", "Sverre Sekkingstad", "SECRETARIAT", None, "other", "+4740000009"),
    DemoUser("daglig.leder", "Dagny Ledaal", "MANAGER", None, "leader", "+4740000010"),
    DemoUser("fagraad", "Frode Rådal", "COUNCIL", None, "physician", "+4740000011"),
    DemoUser("personvern", "Pia Vernøy", "PVO", None, "other", "+4740000012"),
    DemoUser("statistiker", "Stein Tallaksen", "STATISTICIAN", None, "researcher", "+4740000013"),
    DemoUser("raadsmedlem", "Randi Skogvoll", "COUNCIL", None, "physician", "+4740000014"),
    DemoUser("berit.lege", "Berit Lillevik", "LU", ST_OLAVS, "physician", "+4740000015", (NORPAIN,)),
    DemoUser("magne.koordinator", "Magne Strand", "LC", ST_OLAVS, "nurse", "+4740000016", (NORPAIN,)),
    DemoUser("hilde.psykolog", "Hilde Sunde", "LU", HAUKELAND, "psychologist", "+4740000017", (NORPAIN,)),
    DemoUser("norpain.nasjonal", "Olav Rotvoll", "SC", None, "registry_coordinator", "+4740000018", (NORPAIN,)),
    DemoUser("norpain.saksbehandler", "Gro Ilsvik", "SECRETARIAT", None, "other", "+4740000019", (NORPAIN,)),
    DemoUser("norpain.leder", "Tore Singsaker", "MANAGER", None, "leader", "+4740000020", (NORPAIN,)),
    DemoUser("norpain.fagraad", "Ida Bakklandet", "COUNCIL", None, "physician", "+4740000021", (NORPAIN,)),
)


def number_of(user: DemoUser) -> int:
    """The user's id: identity numbers them in the order above."""
    return USERS.index(user) + 1


def user_with(role: str, registry: str = SMERTEREG) -> Principal:
    """The first user with a role in a registry, as one who is logged in."""
    user = next(user for user in USERS if user.role == role and registry in user.registries)
    return Principal(kind=Kind.USER, subject=str(number_of(user)), role=role, registry=registry, name=user.full_name)


def author_of(place: int, registry: str) -> str:
    """The first user of a registry in a hospital, as rows name who made them."""
    return next(f"user:{number_of(user)}" for user in USERS if user.place == place and registry in user.registries)
