"""Who a PID is, asked of registration with eprom's own token."""

from __future__ import annotations

import pytest
from flask import Flask, Response, request

from services.eprom.gateways.recipients import RegistrationRecipients
from services.eprom.usecases.ports import OutsideUnavailable, RecipientGone
from shared.auth.provider import Provider
from shared.auth.service_client import ClientCredentials, ServiceClient
from shared.scheduling.clock import FixedClock
from shared.testing.oidc import LocalProvider, Registered
from shared.testing.wsgi_http import wsgi_http
from tests.eprom.gateways.outside import NOW

IDENTITY, REGISTRATION = "http://localhost:8001", "http://localhost:8002"
KARI = "17855749815"


class Registration:
    """Answers as it is told to."""

    def __init__(self):
        self.status, self.text, self.asked = 200, f'{{"number": "{KARI}", "is_dead": false}}', []
        self.app = Flask("registration", static_folder=None)
        self.app.add_url_rule("/api/recipients", view_func=self.give, methods=["POST"])

    def give(self):
        self.asked.append((request.json, request.headers["Authorization"][:7]))
        return Response(self.text, self.status, mimetype="application/json")


@pytest.fixture
def registration():
    return Registration()


@pytest.fixture
def recipients(registration):
    clock = FixedClock(NOW)
    identity = LocalProvider(IDENTITY, clock)
    identity.register(Registered(client_id="eprom", redirect_uri="http://localhost/callback", secret="s" * 32))
    http = wsgi_http({REGISTRATION: registration.app})
    http.mount(IDENTITY, identity.adapter)
    provider = Provider(IDENTITY, http=http)
    tokens = ClientCredentials(provider, "eprom", "registration", clock=clock, secret="s" * 32)
    return RegistrationRecipients(ServiceClient(REGISTRATION, tokens, http=http))


@pytest.mark.req("EPR-04", "BUS-02")
def test_the_number_comes_in_the_body_and_is_not_shown_by_accident(registration, recipients):
    found = recipients.look_up(5, 1)

    assert found.number == KARI
    assert KARI not in repr(found)
    assert registration.asked == [({"pid": 5, "course_id": 1}, "Bearer ")]


@pytest.mark.req("EPR-10")
@pytest.mark.parametrize(("status", "text"), [(404, "{}"), (200, f'{{"number": "{KARI}", "is_dead": true}}')])
def test_nobody_is_written_to_whom_registration_does_not_name(registration, recipients, status, text):
    registration.status, registration.text = status, text
    with pytest.raises(RecipientGone):
        recipients.look_up(5, 1)


@pytest.mark.req("EPR-15")
@pytest.mark.parametrize(
    ("status", "text"), [(500, "{}"), (503, ""), (403, "{}"), (200, "no json"), (200, "[]"), (200, '{"number": 5}')]
)
def test_anything_else_is_an_outage_and_says_no_number(registration, recipients, status, text):
    registration.status, registration.text = status, text
    with pytest.raises(OutsideUnavailable) as raised:
        recipients.look_up(5, 1)
    assert KARI not in str(raised.value)


@pytest.mark.req("EPR-04", "EPR-08")
def test_who_answers_for_a_child_comes_along(registration, recipients):
    told = '{"number": "02921099811", "is_dead": false, "answers_self": false, "representatives": [%s]}'
    registration.text = told % f'{{"number": "{KARI}", "is_protected": false}}'
    found = recipients.look_up(5, 1)

    assert ([one.number for one in found.representatives], found.answers_self) == ([KARI], False)
    assert KARI not in repr(found)
    registration.text = told % ""
    assert (recipients.look_up(5, 1).representatives, recipients.look_up(5, 1).answers_self) == ((), False)


@pytest.mark.req("EPR-08", "EPR-15")
@pytest.mark.parametrize("told", ['[{"number": "1"}]', "[5]", "7", '["x"]'])
def test_parents_that_cannot_be_read_let_nobody_in(registration, recipients, told):
    registration.text = f'{{"number": "{KARI}", "is_dead": false, "representatives": {told}}}'
    with pytest.raises(OutsideUnavailable):
        recipients.look_up(5, 1)
