"""Everybody who may come to the doors: ten roles, each from wherever it may be held, programs, and strangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.auth.principal import Kind, Principal, Role
from tests.security.table import Party

# Parties of one registry more, objects of another: neither may reach what is not theirs.
FOREIGN, ABROAD = "a-foreign-registry", "another-registry"
PROGRAMS = ("registration", "eprom", "reservation", "release", "identity")
STALE = timedelta(minutes=6)


@dataclass(frozen=True)
class Places:
    """Organisations as a role may be held in them."""

    own: int
    sister: int
    other: int
    parent: int


def everybody(places: Places) -> list[Party]:
    """All parties of a service."""
    return [*_users(places), *_persons(), *_programs(), *_strangers()]


def _users(places: Places) -> Iterator[Party]:
    held = {
        "own organisation": places.own,
        "sister organisation": places.sister,
        "other organisation": places.other,
        "parent organisation": places.parent,
        "no organisation": None,
    }
    for role in Role:
        user = Party(name=role.value, word=role.value, registry="smertereg", is_user=True)
        for where, organisation in held.items():
            yield replace(user, name=f"{role}, {where}", organisation=organisation)
        yield replace(user, name=f"{role}, another registry", registry=FOREIGN, organisation=places.own)
        yield replace(user, name=f"{role}, log-in of a while ago", organisation=places.own, is_fresh=False)
    yield Party(name="user without a role", word="user without a role", is_user=True)


def _persons() -> Iterator[Party]:
    for word in ("citizen", "applicant"):
        yield Party(name=word, word=word, person="kari")
        yield Party(name=f"another {word}", word=word, person="ola")
        yield Party(name=f"{word}, log-in of a while ago", word=word, person="kari", is_fresh=False)
        yield Party(name=f"{word} of nothing here", word=word)


def _programs() -> Iterator[Party]:
    for name in (*PROGRAMS, "unknown"):
        yield Party(name=f"service {name}", word=f"service:{name}", has_token=True)
    yield Party(name="user with a token", word="LU", registry="smertereg", is_user=True, has_token=True)


def _strangers() -> Iterator[Party]:
    yield Party(name="nobody", word="nobody")
    yield Party(name="a session without a log-in", word="nobody")
    yield Party(name="a patient who has opened the link", word="nobody")
    yield Party(name="token for another service", word="nobody", has_token=True)
    yield Party(name="token out of date", word="nobody", has_token=True)


def principal_of(party: Party, now) -> Principal | None:
    """The party as its session knows it; None for strangers and programs."""
    if party.has_token or party.word == "nobody":
        return None
    if party.is_user:
        who = {"kind": Kind.USER, "subject": "1", "acr": "mfa"}
    else:
        who = {"kind": Kind(party.word), "subject": party.person or "nobody-here", "acr": "idporten-loa-high"}
    return Principal(
        **who,
        role=party.word if party.word in set(Role) else None,
        registry=party.registry,
        organisation=party.organisation,
        name="Prøve Prøvesen",
        authenticated_at=now if party.is_fresh else now - STALE,
        issued_at=now,
    )
