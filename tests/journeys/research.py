"""Data for research by plain HTTP: somebody applies, the council votes, two persons let the file out."""

from __future__ import annotations

import re

from tests.journeys.answers import RESEARCH
from tests.journeys.release_desk import APPROVE, ORDER

HANNE = "09897949870"
REFUSED, TOO_OLD = 422, 403


def apply_for_data(caller, recipient, forms, **other):
    """The applicant's form: refused while empty, then filled in and sent; returns the application's id."""
    caller.enter_as_citizen(HANNE, "release", "/applications").follow(
        "Nasjonalt kvalitetsregister for smertebehandling"
    )
    caller.press("Send søknaden", status=REFUSED)
    typed = RESEARCH | other | {f"form_{form}": "1" for form in forms}
    caller.press("Send søknaden", legal_basis="public_interest", recipient_key=recipient, **typed)
    return re.search(r"/applications/(\w+)\?done=submitted", caller.page.url)[1]


def open_application(caller, user_name, title):
    """A reviewer logs in and finds the application in the list of all that came in."""
    return caller.enter(user_name, "release", "/review/").follow(title)


def vote(caller, user_name, title, choice):
    """A member of the council votes."""
    open_application(caller, user_name, title).press("Stem", choice=choice, comment="Sett på saken.")
    assert "Du: " in caller.text


def extracted(walker, new_caller, title):
    """From the council to an extract that waits to be approved; returns the secretary."""
    secretary, manager = open_application(new_caller(), "saksbehandler", title), new_caller()
    secretary.press("Legg fram for fagrådet")
    vote(new_caller(), "raadsmedlem", title, "conflict")
    vote(new_caller(), "fagraad", title, "yes")
    open_application(manager, "daglig.leder", title).press("Gjør vedtak")
    assert "Godkjent" in manager.text
    secretary.reload().press(ORDER)
    walker.wait_for(lambda: APPROVE in secretary.reload().text)
    return secretary


def approve(caller, status=200):
    """Approve the file, small cells and all."""
    small = {"accepts_small_cells"} & caller.fields()
    return caller.press(APPROVE, status=status, **dict.fromkeys(small, "1"))


def approve_second(caller, title):
    """The manager approves too, and with that the file may be fetched."""
    approve(open_application(caller, "daglig.leder", title))
    assert "Klar for nedlasting" in caller.text
    return caller
