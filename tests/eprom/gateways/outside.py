"""The stand-ins of the outside world, reached as the gateways reach them."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from datetime import UTC, datetime

from deploy.standins.parts import EXTENSION
from deploy.standins.smtp import mail_server
from services.eprom.gateways.contact_register import SCOPE as KRR_SCOPE
from services.eprom.gateways.contact_register import Krr
from services.eprom.gateways.digipost import Digipost
from services.eprom.gateways.digipost_line import DigipostLine
from services.eprom.gateways.helsenorge import SCOPE as TASK_SCOPE
from services.eprom.gateways.helsenorge import Helsenorge, Sender
from services.eprom.gateways.mail import Mail
from services.eprom.gateways.maskinporten import Maskinporten
from services.eprom.gateways.sms import Sms
from services.eprom.usecases.ports import Contact, Letter, Recipient
from shared.auth.credentials import client_key, client_secret
from shared.auth.helseid import HelseId
from shared.scheduling.clock import FixedClock
from shared.testing.wsgi_http import wsgi_http
from tests.outside import STANDINS, lay_keys, standins_at

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CLOSES_AT = datetime(2026, 11, 27, 22, 59, 59, tzinfo=UTC)
LINK = "http://localhost/s/abc"
MESSAGE_ID = "6a1f0a52-6f3b-4df4-9a58-9f2f6f8f5a10"
NO_CONTACT = Contact("nb", None, None)


def letter(**changes):
    """A letter without faults."""
    values = {"message_id": MESSAGE_ID, "title": "Du har fått et skjema", "text": "Svar på <dette>.\nLogg inn:"}
    return Letter(**{**values, "link": LINK, "button": "Åpne skjemaet", "closes_at": CLOSES_AT, **changes})


class Outside:
    """The stand-ins, and an HTTP session that knows nothing else."""

    def __init__(self, folder):
        self.keys, self.clock = folder / "keys", FixedClock(NOW)
        lay_keys(self.keys)
        self.app = standins_at(folder, self.keys, self.clock, is_dpop_required=True)
        self.http = wsgi_http({STANDINS: self.app})
        self.browser = self.app.test_client()
        self.common = {"http": self.http, "clock": self.clock}

    @property
    def line(self):
        """The line to the stand-ins, to be cut or listened to."""
        return self.http.get_adapter(STANDINS)

    def person(self, family_name):
        return next(one for one in self.app.extensions[EXTENSION].people.all() if one.family_name == family_name)

    def recipient(self, family_name):
        return Recipient(self.person(family_name).number)

    def fail(self, standin, kind, times=1):
        """Let a stand-in misbehave."""
        self.browser.post("/faults", json={"standin": standin, "kind": kind, "times": times})

    def inbox(self, **filters):
        return self.browser.get("/inbox.json", query_string=filters).json["messages"]

    def asked(self, standin):
        return self.browser.get("/requests.json", query_string={"standin": standin}).json["requests"]

    def krr(self):
        key = client_key(self.keys, "eprom")
        tokens = Maskinporten(f"{STANDINS}/maskinporten", "eprom", private_key=key, scope=KRR_SCOPE, **self.common)
        return Krr(f"{STANDINS}/krr", tokens, self.http, self.clock)

    def helsenorge(self):
        key = client_key(self.keys, "eprom")
        tokens = HelseId(f"{STANDINS}/helseid", "eprom", private_key=key, scope=TASK_SCOPE, **self.common)
        return Helsenorge(f"{STANDINS}/helsenorge", tokens, Sender("Helse Bergen HF", "983974724"))

    def digipost(self, sender_id="4002"):
        return Digipost(self.digipost_line(sender_id))

    def digipost_line(self, sender_id="4002"):
        """The line that digital post and letters on paper leave by."""
        key = client_key(self.keys, "eprom")
        return DigipostLine(f"{STANDINS}/digipost", sender_id=sender_id, private_key=key, **self.common)

    def sms(self):
        secret = client_secret(self.keys, "eprom")
        return Sms(f"{STANDINS}/sms", user="eprom", secret=secret, sender="Helse", http=self.http)

    @contextmanager
    def mail(self):
        """The gateway for mail, while the server runs."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = mail_server(self.app.extensions[EXTENSION], port=port)
        server.start()
        try:
            yield Mail("127.0.0.1", port, sender="ikke-svar@skjema.example.no", starttls=False, clock=self.clock)
        finally:
            server.stop()
