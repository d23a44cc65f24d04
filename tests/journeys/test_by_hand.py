"""A clinician orders a patient form by hand, stops the sending after it has left, and orders once more."""

from __future__ import annotations

import pytest

from deploy.standins.persons import Profile
from tests.journeys import kept
from tests.journeys.strangers import strangers
from tests.journeys.test_by_http import MISSING, include
from tests.journeys.walker import Walker

pytestmark = [pytest.mark.journey]
SENT, STOPPED, UNABLE = "Bestilt eller sendt", "Stoppet", "Pasient klarer ikke"


def order(caller, course_id, form="pasreg"):
    """Choose e-mail and SMS, whatever else the patient uses."""
    caller.open("registration", f"/courses/{course_id}/patient-forms/{form}/order")
    return caller.press("Bestill skjemaet", channel="email_sms")


@pytest.mark.req("EPR-06", "EPR-07", "EPR-08", "EPR-14", "REG-22", "BUS-01")
def test_a_form_ordered_by_hand_leaves_at_once_and_is_called_back(suite, new_caller):
    walker = Walker(suite)
    person = [one for one in strangers(walker) if one.profile is Profile.HELSENORGE][-1]
    clinician, way = new_caller().enter("lise.lege", "registration", "/registrations/new"), {"channel": "email"}
    course_id, way["to"] = include(clinician, person), person.email
    assert "Skjemaet er bestilt" in order(clinician, course_id).text
    walker.wait_for(lambda: kept.arrived(walker, course_id, way) == [["first"]])
    walker.wait_for(lambda: clinician.signs(course_id, "patient-forms")["Pasreg"] == SENT)

    (link,) = kept.links(walker, course_id, **way)
    clinician.open("registration", f"/courses/{course_id}/patient-forms").press("Stopp utsendingen", stop_reason="4")
    walker.wait_for(lambda: kept.states(walker, course_id) == {("stopped", 4)})
    assert "Lenken er ikke i bruk lenger" in new_caller().go(link, status=MISSING).text
    assert set(clinician.signs(course_id, "patient-forms").values()) == {STOPPED}
    assert UNABLE in clinician.text

    order(clinician, course_id)
    walker.wait_for(lambda: kept.arrived(walker, course_id, way) == [["first", "first"]])
    walker.wait_for(lambda: clinician.signs(course_id, "patient-forms")["Pasreg"] == SENT)
