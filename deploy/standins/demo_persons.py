"""The named people of the demo and the journeys; each shows one way of being reached or one special case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from deploy.standins import names
from deploy.standins.numbers import candidates
from deploy.standins.persons import Part, Profile, Protection, Responsibility, StandinPerson, person_id, reachable


class _Demo(NamedTuple):
    given: str
    family: str
    birth_on: date
    is_male: bool
    profile: Profile
    note: str
    language: str = "nb"
    place: int = 0
    is_d: bool = False
    remainder: int = 0
    protection: Protection = Protection.UNCLASSIFIED
    died_days_ago: int | None = None
    part: Part = Part.PATIENT
    parents: tuple[tuple[str, str], ...] = ()  # which kind of responsibility, and the family name of who has it
    lost: str | None = None  # the family name of a father who no longer has it


_BERGEN, _TRONDHEIM, _OSLO, _KARASJOK = 0, 2, 4, 14
_WOMAN, _MAN = False, True
_LOST_ON, _PUBLIC = "2024-06-01", Responsibility("Other", organisation="Statsforvalteren")
_DEMO = (
    _Demo("Kari", "Granlid", date(1957, 5, 17), _WOMAN, Profile.HELSENORGE, "Pasienten i hovedreisen: Helsenorge"),
    _Demo("Ola", "Steinvik", date(1949, 2, 3), _MAN, Profile.DIGIPOST, "Har bare Digipost", place=_TRONDHEIM),
    _Demo("Solveig", "Myrtveit", date(1968, 11, 24), _WOMAN, Profile.EMAIL_SMS, "E-post/SMS, nynorsk", language="nn"),
    _Demo(
        "Amina", "Lundqvåg", date(1985, 8, 9), _WOMAN, Profile.EMAIL_SMS, "D-nummer, engelsk",
        language="en", place=_OSLO, is_d=True,
    ),
    _Demo("Per", "Ospedal", date(1939, 12, 30), _MAN, Profile.MOBILE_ONLY, "Bare mobil"),
    _Demo("Inger", "Fjellstrand", date(1931, 4, 11), _WOMAN, Profile.NONE, "Kan ikke nås digitalt"),
    _Demo("Torstein", "Havnås", date(1972, 6, 1), _MAN, Profile.RESERVED, "Reservert i KRR (ikke i registeret)"),
    _Demo("Ragnhild", "Bjørkmo", date(1980, 1, 20), _WOMAN, Profile.EXPIRED, "Kontaktdata eldre enn 18 måneder"),
    _Demo(
        "Máret", "Vuolajohka", date(1990, 3, 6), _WOMAN, Profile.HELSENORGE, "Nordsamisk, Helsenorge",
        language="se", place=_KARASJOK,
    ),
    _Demo(
        "Eirik", "Nordskog", date(1976, 9, 14), _MAN, Profile.HELSENORGE, "Strengt fortrolig adresse",
        place=_OSLO, protection=Protection.STRICTLY_CONFIDENTIAL,
    ),
    _Demo(
        "Liv", "Tangerud", date(1988, 10, 2), _WOMAN, Profile.DIGIPOST, "Fortrolig adresse",
        protection=Protection.CONFIDENTIAL,
    ),
    _Demo("Arne", "Kvernmo", date(1944, 7, 29), _MAN, Profile.HELSENORGE, "Lever; kan meldes død på personsiden"),
    _Demo("Gunnar", "Selje", date(1938, 1, 8), _MAN, Profile.HELSENORGE, "Død", died_days_ago=83),
    _Demo("Nora", "Vinterdal", date(1982, 10, 30), _WOMAN, Profile.HELSENORGE, "Nummer av 2032-typen", remainder=1),
    _Demo("Jonas", "Ekebakk", date(2010, 2, 19), _MAN, Profile.NONE, "Under 18 år"),
    _Demo("Sigrid", "Tunheim", date(1963, 3, 27), _WOMAN, Profile.HELSENORGE, "Borgeren som reserverer seg"),
    _Demo("Bjørn", "Aasvang", date(1955, 5, 5), _MAN, Profile.DIGIPOST, "Borgeren som ber om innsyn", language="nn"),
    _Demo(
        "Hanne", "Forskerud", date(1979, 9, 9), _WOMAN, Profile.HELSENORGE, "Søker om data (prosjektleder)",
        part=Part.APPLICANT,
    ),
    _Demo(
        "Marius", "Datalund", date(1986, 12, 12), _MAN, Profile.EMAIL_SMS, "Mottar utlevering (medarbeider)",
        place=_TRONDHEIM, part=Part.APPLICANT,
    ),
    _Demo(
        "Ella", "Bjerkeset", date(2010, 12, 2), _WOMAN, Profile.NONE, "Barn, to foreldre med foreldreansvar",
        parents=(("Joint", "Vinterdal"), ("Joint", "Lundqvåg")),
    ),
    _Demo(
        "Iver", "Solbakk", date(2013, 8, 21), _MAN, Profile.NONE, "Barn, én forelder med foreldreansvar, én uten",
        parents=(("Mother", "Tangerud"),), lost="Havnås",
    ),
    _Demo(
        "Sara", "Lillehaug", date(2016, 5, 9), _WOMAN, Profile.NONE, "Barn med strengt fortrolig adresse",
        protection=Protection.STRICTLY_CONFIDENTIAL, parents=(("Father", "Nordskog"),),
    ),
    _Demo(
        "Mikkel", "Oterhals", date(2012, 10, 30), _MAN, Profile.NONE, "Barn, det offentlige er verge",
        parents=(("Other", ""),),
    ),
)  # fmt: skip


def demo_persons(today: date) -> list[StandinPerson]:
    """Return the named people in the order of the page; their numbers never change."""
    return [_person(order, demo, today) for order, demo in enumerate(_DEMO)]


def _number(demo: _Demo) -> str:
    return next(candidates(demo.birth_on, is_male=demo.is_male, is_d=demo.is_d, remainder=demo.remainder))


def _responsibility(demo: _Demo) -> tuple[Responsibility, ...]:
    numbers = {other.family: _number(other) for other in _DEMO if demo.parents or demo.lost}
    now = [Responsibility(kind, numbers[name]) if name else _PUBLIC for kind, name in demo.parents]
    lost = [Responsibility("Father", numbers[demo.lost], until=_LOST_ON)] if demo.lost else []
    return (*now, *lost)


def _person(order: int, demo: _Demo, today: date) -> StandinPerson:
    number = _number(demo)
    person = StandinPerson(
        id=person_id(number),
        number=number,
        given_name=demo.given,
        family_name=demo.family,
        is_male=demo.is_male,
        birth_on=demo.birth_on.isoformat(),
        street=names.STREETS[order % len(names.STREETS)],
        house=str(3 + 2 * order),
        place=tuple(names.PLACES[demo.place]),
        profile=demo.profile,
        language=demo.language,
        mobile="",
        email="",
        confirmed_on="",
        protection=demo.protection,
        died_on=(today - timedelta(days=demo.died_days_ago)).isoformat() if demo.died_days_ago else None,
        part=demo.part,
        note=demo.note,
        responsibility=_responsibility(demo),
    )
    return reachable(person, order + 1, today)
