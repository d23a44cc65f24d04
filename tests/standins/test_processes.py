"""Several processes share one file, a restart forgets nothing, and the suite's own client logs in over HTTP."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from deploy.standins.app import create_app
from deploy.standins.client_keys import ensure_client_keys
from deploy.standins.settings import StandinSettings, StandinSettingsError
from shared.auth.errors import SignInFailed
from shared.auth.oidc_client import OidcClient
from shared.auth.provider import Provider, ProviderSettings
from shared.scheduling.clock import SystemClock
from tests.standins.test_sms_and_mail import send
from tests.standins.world import World, settings_for, strict_html

ROOT = Path(__file__).resolve().parents[2]
NUMBER = "27836349860"


@contextmanager
def served(tmp_path: Path, keys: Path) -> Iterator[StandinSettings]:
    """Serve the stand-ins on a free port."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    settings = settings_for(tmp_path, keys, url=f"http://localhost:{server.port}")
    server.app = create_app(settings)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield settings
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def oidc(settings: StandinSettings, state: dict, **more) -> OidcClient:
    secret = json.loads((settings.keys / "client_secrets.json").read_text())["reservation"]
    proof = more.pop("proof", {"client_secret": secret})
    provider_settings = ProviderSettings(
        issuer=settings.issuer("idporten"),
        client_id="reservation",
        redirect_uri=f"{settings.services['reservation']}/callback",
        after_logout_uri=f"{settings.services['reservation']}/",
        acr=("idporten-loa-high",),
        algorithms=frozenset({"RS256"}),
        **proof,
        **more,
    )
    return OidcClient(provider_settings, Provider(provider_settings.issuer), clock=SystemClock(), state=lambda: state)


def log_in(address: str) -> dict[str, str]:
    """Do what a citizen does in a browser; returns what the client's callback gets."""
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(address, timeout=10)
        shown = browser.post(page.url, data={"pid": NUMBER}, timeout=10)
        code = strict_html(shown.text).find(".//strong[@id='testid-code']").text
        answer = browser.post(page.url, data={"code": code}, timeout=10, allow_redirects=False)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def key_proof(keys: Path) -> dict:
    key = RSAKey.import_key((keys / "reservation_client.pem").read_bytes())
    return {"private_key": {**key.as_dict(private=True), "kid": key.thumbprint()}}


@pytest.mark.req("IDN-10")
@pytest.mark.parametrize("way", ["secret", "key", "pushed"])
def test_the_suites_own_client_logs_a_citizen_in(tmp_path, client_keys, way):
    more = {"proof": key_proof(client_keys)} if way == "key" else {"pushed_requests": way == "pushed"}
    with served(tmp_path, client_keys) as settings:
        client = oidc(settings, {}, **more)
        claims = client.complete(log_in(client.begin("/next", max_age=300)))
    assert (claims.body["pid"], claims.body["acr"], claims.return_to) == (NUMBER, "idporten-loa-high", "/next")


@pytest.mark.req("IDN-10")
def test_the_suites_own_client_takes_no_answer_twice_and_none_of_another(tmp_path, client_keys):
    with served(tmp_path, client_keys) as settings:
        client = oidc(settings, {})
        answer = log_in(client.begin("/"))
        with pytest.raises(SignInFailed, match="issuer"):
            oidc(settings, dict(client._state())).complete({**answer, "iss": "https://idporten.no"})
        client.complete(answer)
        with pytest.raises(SignInFailed, match="unknown_state"):
            client.complete(answer)


def test_a_restart_forgets_nothing(tmp_path, client_keys):
    settings = settings_for(tmp_path, client_keys)
    before = World(settings)
    send(before)
    before.http.post(f"/people/{before.person('Kvernmo').id}/death", data={"on": "2026-11-20"})
    after = World(settings)
    assert len(after.inbox()) == 1
    assert after.person("Kvernmo").died_on == "2026-11-20"
    assert send(after).status_code == 200


SENDER = """
import sys
from pathlib import Path
from tests.standins.test_sms_and_mail import send
from tests.standins.world import World, settings_for
world = World(settings_for(Path(sys.argv[1]), Path(sys.argv[2])))
print(sum(send(world, id=str(n)).status_code == 202 for n in range(40)))
"""


def test_two_processes_take_each_message_once(tmp_path, client_keys):
    command = [sys.executable, "-c", SENDER, str(tmp_path), str(client_keys)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) for _ in range(2)]
    taken = [int(process.communicate(timeout=60)[0]) for process in running]
    assert sum(taken) == 40
    assert len(World(settings_for(tmp_path, client_keys)).inbox()) == 40


def test_keys_are_made_once_and_for_the_owner_only(tmp_path):
    ensure_client_keys(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    ensure_client_keys(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert "client_secrets.json" in before
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.iterdir())


def test_a_public_half_is_enough(tmp_path, client_keys):
    world = World(settings_for(tmp_path, client_keys))
    folder = tmp_path / "public"
    folder.mkdir()
    (folder / "eprom_client.pub.pem").write_bytes(world.key("eprom").as_pem(private=False))
    other = World(settings_for(tmp_path, folder))
    assert other.parts.clients.public_key("eprom").kid == world.key("eprom").kid
    assert other.parts.clients.public_key("release") is None


def test_missing_settings_are_named():
    with pytest.raises(StandinSettingsError, match="STANDINS_DB, KEYS_DIR"):
        StandinSettings.from_env({"PUBLIC_URL_STANDINS": "http://localhost"})


def test_settings_come_from_the_environment():
    env = {
        "STANDINS_DB": "a",
        "PUBLIC_URL_STANDINS": "http://h/standins/",
        "KEYS_DIR": "k",
        "STANDINS_DPOP": "required",
    }
    settings = StandinSettings.from_env(env | {"PUBLIC_URL_EPROM": "http://h/eprom/", "SMTP_PORT": "2526"})
    assert (settings.url, settings.smtp_port, settings.is_dpop_required) == ("http://h/standins", 2526, True)
    assert dict(settings.services) == {"eprom": "http://h/eprom"}
    assert settings.issuer("maskinporten") == "http://h/standins/maskinporten/"


def test_it_runs_by_itself(tmp_path, client_keys):
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        web, mail = one.getsockname()[1], two.getsockname()[1]
    env = {**os.environ, "STANDINS_DB": str(tmp_path / "s"), "KEYS_DIR": str(client_keys), "STANDINS_PORT": str(web)}
    env |= {"SMTP_PORT": str(mail), "PUBLIC_URL_STANDINS": f"http://localhost:{web}", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "deploy.standins"], cwd=ROOT, env=env, stdout=subprocess.PIPE
    ) as child:
        try:
            assert b"Stand-ins on port" in child.stdout.readline()
            assert requests.get(f"http://127.0.0.1:{web}/health", timeout=10).json()["status"] == "ok"
        finally:
            child.terminate()
