"""The patients of each scene: what on a page tells of them, and what the access log must say when it does."""

from __future__ import annotations

from services.eprom.store.tables import KIT as EPROM
from services.registration.store.tables import KIT as REGISTRATION
from services.release.store.tables import KIT as RELEASE
from services.reservation.store.tables import KIT as RESERVATION
from tests.security.scanner import sign
from tests.security.scenes.eprom import ANSWERED, PIDS
from tests.security.scenes.registration import NORA, WRITTEN
from tests.security.scenes.reservation import NUMBERS

KITS = {"registration": REGISTRATION, "eprom": EPROM, "reservation": RESERVATION, "release": RELEASE}
# No page of release may know any of them.
STRANGERS = ("17855749815", "Granlid", "03824949912", "Steinvik", "27836349860", "Tunheim")
ENCRYPTED = "age-encryption.org"


def log_of(scene):
    """The table of the access log."""
    return KITS[scene.kit.name].audit.log


def signs_of(scene):
    """What the scanner is to look for."""
    return {"registration": _registration, "eprom": _eprom, "reservation": _reservation, "release": _release}[
        scene.kit.name
    ](scene)


def _registration(scene):
    """Number, name, address, phone, e-mail and diagnosis of all who are registered, and one who is not."""
    signs, there = [], [thing for thing in scene.objects["pid"] if thing.is_there]
    for thing in there:
        pid = thing.values["pid"]
        facts = scene.site.persons.read(pid)
        contact = (facts.address, facts.phone, facts.email)
        signs.append(sign(thing.name, facts.name, *contact, WRITTEN[thing.name], pid=pid))
        signs.append(sign(f"number of {thing.name}", facts.number, pid=pid, is_id=True))
    stranger = scene.site.person("Vinterdal")
    told = (stranger.family_name, stranger.mobile, stranger.email)
    return [*signs, sign("not registered", *told, objects="population_register"), sign("typed", NORA, is_id=True)]


def _eprom(scene):
    """What they have answered; the form of somebody is as good as a name."""
    return [sign(name, *_spelt(ANSWERED[name]), pid=pid, objects="form:") for name, pid in PIDS.items()]


def _spelt(number):
    """How pages and documents write it; the number alone could be any measure of a machine."""
    key = 'contacts_last_year":'
    return [f'value="{number}"', f"{number} ganger", f"{key}{number}", f"{key} {number}"]


def _reservation(scene):
    """Their numbers, and their cases, which are all that this service knows them by."""
    cases = [thing for thing in scene.objects["case_id"] if thing.is_there]
    numbers = [sign(name, number, objects="case:.*/read_recipient") for name, number in NUMBERS.items()]
    return numbers + [
        sign(f"case of {case.person}", case.values["case_id"], objects=f"cases|own cases|{_of(case)}", is_id=True)
        for case in cases
    ]


def _release(scene):
    """Nobody, but in the file that is sealed for its recipient."""
    return [sign("file", ENCRYPTED, objects="application:.*/downloaded"), sign("patient", *STRANGERS, objects="-")]


def _of(case):
    return f"case:{case.values['case_id']}"
