"""How soon one log-in that is ended from another browser is over: at once in identity, in seconds elsewhere, bus or not."""

from __future__ import annotations

import threading

import pytest

from services.identity.domain.tokens import token_hash
from services.identity.gateways.client_channel import HttpClientChannel
from services.identity.usecases.sessions import TELL_JOB
from services.identity.usecases.tell_client import tell_client
from services.identity.worker import jobs
from shared.scheduling.jobs import JobRunner
from shared.testing.wsgi_http import wsgi_http
from tests.identity.site import fields
from tests.identity.test_times_of_revocation import BY_BUS, HOME, Pair

PAGE = "/my-page/log-ins"


@pytest.fixture
def pair(tmp_path):
    made, stop = Pair(tmp_path), threading.Event()
    runner = threading.Thread(target=job_runner(made).run_forever, args=(stop, threading.Event()), daemon=True)
    runner.start()
    yield made
    stop.set()
    runner.join()
    for engine in made.engines:
        engine.dispose()


def job_runner(pair):
    """Identity's jobs as its worker runs them; release is reached without a network."""
    parts, uow = pair.identity.parts, pair.identity.uow
    channel = HttpClientChannel(parts.clients, wsgi_http({HOME: pair.release.application}))
    means = {"issuer": parts.means.issuer, "signer": parts.means.signer, "channel": channel, "uow": uow}
    ours = {**jobs(pair.identity.settings, parts), TELL_JOB: lambda given: tell_client(given["notice_id"], **means)}
    return JobRunner(uow.database, uow.kit.scheduling, uow.clock, ours)


def handle_of(pair):
    """The log-in in which release was used."""
    with pair.identity.uow() as store:
        rows = store.log_ins.live_sign_ons(pair.user_id)
        return next(token_hash(row.sid) for row in rows if store.log_ins.clients_of(row.sid) == ["release"])


@pytest.mark.req("IDN-08", "IDN-15")
@pytest.mark.parametrize("path", [f"{PAGE}/end", f"{PAGE}/end-others"])
def test_one_log_in_ends_everywhere_in_seconds_and_the_other_goes_on(pair, path):
    other = pair.identity.logged_in("maja")
    form = {**fields(other.get(PAGE), path), "handle": handle_of(pair)}

    assert other.post(path, data=form).status_code == 303

    assert not pair.is_in_identity()
    assert pair.seconds_until_out(BY_BUS) < BY_BUS
    assert other.get("/my-page").status_code == 200
