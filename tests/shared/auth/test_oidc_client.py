"""Log-in by OpenID Connect: the straight way, step-up, keys, log-out."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.auth.claims import citizen_principal, user_principal
from shared.auth.errors import ProviderUnavailable, SignInFailed, TokenRefused
from shared.auth.logout import LOGOUT_EVENT, logout_url, read_logout
from shared.auth.oidc_client import MOST_PENDING, PENDING
from shared.auth.principal import Kind
from shared.auth.provider import Provider, ProviderSettings
from shared.testing.oidc import Registered, new_key
from tests.shared.auth.kit import AFTER_LOGOUT, CALLBACK, ISSUER, NOW, World


@pytest.fixture
def world():
    return World()


def query(address):
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.mark.req("IDN-09")
def test_a_log_in_brings_the_signed_claims_and_the_page_asked_for(world):
    claims = world.client.complete(world.log_in("/courses/7?part=TO", role="LU", organisation=700001))

    assert claims.return_to == "/courses/7?part=TO"
    assert (claims.body["sub"], claims.body["role"]) == ("7", "LU")
    assert claims.sid
    assert claims.id_token is None
    assert user_principal(claims.body).authenticated_at == NOW


@pytest.mark.req("IDN-09")
def test_the_request_carries_pkce_state_and_nonce_of_its_own(world):
    first, second = (query(world.client.begin("/")) for _ in range(2))

    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43
        assert first[name] != second[name]
    assert "code_verifier" not in first


def test_claims_are_not_shown_when_printed(world):
    claims = world.client.complete(world.log_in(pid="01810012345"))

    assert "Kari" not in repr(claims)
    assert "01810012345" not in repr(claims)
    assert "Kari" not in repr(user_principal(claims.body))


@pytest.mark.req("IDN-10")
def test_citizens_come_in_with_a_key_instead_of_a_secret_and_pushed_requests():
    key = new_key("RS256")
    world = World(
        algorithm="RS256",
        private_key=key.as_dict(private=True),
        pushed_requests=True,
        acr=("idporten-loa-high",),
        algorithms=frozenset({"RS256"}),
    )
    world.idp.register(
        Registered(client_id="registration", redirect_uri=CALLBACK, public_key=key.as_dict(private=False))
    )
    address = world.client.begin("/")
    assert set(query(address)) == {"client_id", "request_uri"}

    fields = world.idp.log_in(address, {"sub": "pairwise", "acr": "idporten-loa-high", "locale": "nn"})
    principal = citizen_principal(world.client.complete(fields).body)

    assert (principal.kind, principal.subject, principal.language) == (Kind.CITIZEN, "pairwise", "nn")


@pytest.mark.req("IDN-13")
def test_a_fresh_log_in_can_be_demanded(world):
    fields = world.log_in(max_age=0)

    assert user_principal(world.client.complete(fields).body).authenticated_at == NOW


def test_the_asked_level_is_in_the_request():
    world = World(acr=("idporten-loa-high", "idporten-loa-substantial"))

    assert query(world.client.begin("/"))["acr_values"] == "idporten-loa-high"
    assert world.client.complete(world.log_in(acr="idporten-loa-substantial"))


def test_only_the_newest_log_ins_are_remembered(world):
    for _ in range(MOST_PENDING + 3):
        world.client.begin("/")
        world.clock.move(timedelta(seconds=1))

    assert len(world.session[PENDING]) == MOST_PENDING


@pytest.mark.req("IDN-09")
def test_keys_rotated_between_two_log_ins_do_not_stop_the_second(world):
    world.client.complete(world.log_in())
    world.idp.rotate()
    world.seconds += 11

    assert world.client.complete(world.log_in())


def test_metadata_is_fetched_once_a_day(world):
    def asked():
        return sum("openid-configuration" in (sent.url or "") for sent in world.idp.adapter.sent)

    for _ in range(5):
        world.client.complete(world.log_in())
    assert asked() == 1
    world.seconds += 86_401
    world.client.begin("/")
    assert asked() == 2


def test_an_unreachable_provider_is_told_apart_from_a_refusal(world):
    world.idp.adapter.is_down = True

    with pytest.raises(ProviderUnavailable):
        world.client.begin("/")


@pytest.mark.parametrize(
    "change", [{"issuer": "http://evil.test"}, {"token_endpoint": None}, {"jwks_uri": 7}, {"issuer": f"{ISSUER}/"}]
)
def test_metadata_that_speaks_of_another_issuer_is_refused(world, change):
    world.idp.metadata_more = change

    with pytest.raises(ProviderUnavailable):
        world.client.begin("/")


def test_an_outage_at_the_token_endpoint_is_an_outage(world):
    fields = world.log_in()
    world.idp.adapter.is_down = True

    with pytest.raises(ProviderUnavailable):
        world.client.complete(fields)


def test_a_client_has_either_a_secret_or_a_key():
    for proof in ({}, {"client_secret": "x", "private_key": {"kty": "EC"}}):
        with pytest.raises(ValueError, match="secret or a private key"):
            ProviderSettings(issuer=ISSUER, client_id="c", redirect_uri=CALLBACK, after_logout_uri="/", **proof)


def test_secrets_are_not_shown_when_settings_are_printed(world):
    assert "secret" not in repr(world.client.settings).replace("client_secret", "")


@pytest.mark.req("IDN-09")
def test_log_out_goes_to_the_providers_page_with_the_way_back(world):
    address = logout_url(world.client.settings, world.provider, "the-id-token")

    assert address.startswith(f"{ISSUER}/logout?")
    assert query(address) == {
        "client_id": "registration",
        "post_logout_redirect_uri": AFTER_LOGOUT,
        "id_token_hint": "the-id-token",
    }


def test_a_provider_without_a_log_out_page_is_no_error(world):
    world.idp.metadata_more = {"end_session_endpoint": None}

    assert logout_url(world.client.settings, world.provider, None) is None


def test_the_id_token_is_kept_only_where_we_ask_for_it():
    world = World(keep_id_token=True)

    assert world.client.complete(world.log_in()).id_token


def a_logout_token(world, typ="logout+jwt", **claims):
    told = {"aud": "registration", "sub": "7", "sid": "s1", "jti": "1", "events": {LOGOUT_EVENT: {}}}
    return world.idp.sign({**told, **claims}, typ=typ)


@pytest.mark.req("IDN-09")
def test_the_provider_may_tell_that_a_log_in_is_over(world):
    notice = read_logout(world.client.settings, world.provider, a_logout_token(world), world.clock)

    assert (notice.subject, notice.sid) == ("7", "s1")


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize(
    "change",
    [
        {"typ": "JWT"},
        {"nonce": "n"},
        {"events": {}},
        {"events": None},
        {"events": "x"},
        {"aud": "eprom"},
        {"iss": "http://evil.test"},
        {"exp": 1},
        {"sub": None, "sid": None},
    ],
)
def test_a_false_log_out_notice_is_refused(world, change):
    with pytest.raises(TokenRefused):
        read_logout(world.client.settings, world.provider, a_logout_token(world, **change), world.clock)


def test_two_registrations_at_one_provider_do_not_take_each_others_answers(world):
    world.idp.register(Registered(client_id="eprom", redirect_uri=CALLBACK, secret="other"))
    other = world.make_client(client_id="eprom", client_secret="other")
    fields = world.log_in()

    assert not other.knows(fields["state"])
    with pytest.raises(SignInFailed, match="unknown_state"):
        other.complete(fields)


def test_a_provider_is_named_by_its_origin():
    assert Provider("https://id.test:8443/identity").origin == "https://id.test:8443"
