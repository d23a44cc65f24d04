"""Access tokens: good ones are read, and every known way to forge one is refused."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from shared.auth.errors import TokenRefused
from shared.auth.keys import RemoteKeys
from shared.auth.principal import Kind
from shared.auth.signed import LONGEST_TOKEN
from shared.auth.tokens import TokenChecker
from shared.testing.oidc import new_key
from tests.shared.auth.kit import ISSUER, World

STAMP = 1_795_165_200  # 2026-11-20 09:00 UTC
EVIL = "http://evil.test/jwks"


@pytest.fixture
def world():
    return World()


@pytest.fixture
def checker(world):
    return TokenChecker(ISSUER, "registration", world.provider.keys, world.clock)


def b64(value):
    octets = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


@pytest.mark.req("IDN-09")
def test_a_users_token_tells_role_registry_and_organisation(world, checker):
    token = world.idp.access_token("registration", sub="12", role="LC", acr="two-factor", amr=["pwd", "sms"])

    principal = checker.check(token)

    assert (principal.kind, principal.subject, principal.role) == (Kind.USER, "12", "LC")
    assert (principal.registry, principal.organisation) == ("smertereg", 700001)
    assert (principal.acr, principal.amr, principal.user_id) == ("two-factor", ("pwd", "sms"), 12)


@pytest.mark.req("IDN-09")
def test_a_services_token_tells_which_client_calls(world, checker):
    principal = checker.check(world.idp.service_token("registration", "eprom"))

    assert (principal.kind, principal.client_id, principal.role) == (Kind.SERVICE, "eprom", None)


def test_a_token_for_several_audiences_counts_for_each(world, checker):
    token = world.idp.access_token("x", aud=["eprom", "registration"])

    assert checker.check(token).user_id == 1


def test_a_token_counts_until_ten_seconds_after_its_end(world, checker):
    token = world.idp.access_token("registration")

    world.clock.move(timedelta(minutes=10, seconds=9))
    assert checker.check(token)
    world.clock.move(timedelta(seconds=1))
    with pytest.raises(TokenRefused, match="expired"):
        checker.check(token)


BAD_CLAIMS = {
    "of another issuer": ({"iss": "http://identity.test/"}, "issuer"),
    "without issuer": ({"iss": None}, "issuer"),
    "for another service": ({"aud": "eprom"}, "audience"),
    "for a service whose name begins alike": ({"aud": "registration2"}, "audience"),
    "for nobody": ({"aud": None}, "audience"),
    "for a list without us": ({"aud": ["eprom", 7, None]}, "audience"),
    "that is over": ({"exp": STAMP - 11}, "expired"),
    "without an end": ({"exp": None}, "expired"),
    "whose end is a text": ({"exp": "2099-01-01"}, "exp"),
    "whose end is true": ({"exp": True}, "exp"),
    "whose end is endless": ({"exp": 10**30}, "exp"),
    "from the future": ({"iat": STAMP + 11}, "iat"),
    "without a beginning": ({"iat": None}, "iat"),
    "not yet valid": ({"nbf": STAMP + 11}, "nbf"),
    "of nobody": ({"sub": None}, "subject"),
    "of an empty subject": ({"sub": ""}, "subject"),
    "of a number as subject": ({"sub": 1}, "subject"),
    "of a user who is no number": ({"sub": "admin"}, "subject"),
    "with an invented role": ({"role": "ROOT"}, "role"),
    "with roles in a list": ({"role": ["LU", "SC"]}, "role"),
    "with an organisation as text": ({"organisation": "700001"}, "organisation"),
    "with a negative organisation": ({"organisation": -1}, "organisation"),
    "with true as organisation": ({"organisation": True}, "organisation"),
    "of an unknown kind": ({"kind": "root"}, "kind"),
    "of a citizen, whom identity does not know": ({"kind": "citizen"}, "kind"),
    "of a service under another client": ({"kind": "service", "sub": "eprom", "client_id": "release"}, "client_id"),
}


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("case", BAD_CLAIMS)
def test_a_token_is_refused(world, checker, case):
    claims, code = BAD_CLAIMS[case]
    token = world.idp.access_token("registration", **claims)

    with pytest.raises(TokenRefused, match=f"^{code}$"):
        checker.check(token)


BAD_HEADERS = {
    "without algorithm": ({"alg": None}, "form"),
    "that points to keys of its own": ({"jku": EVIL}, "header"),
    "that points to a certificate": ({"x5u": EVIL}, "header"),
    "that brings a certificate": ({"x5c": ["MII"]}, "header"),
    "that brings its own key": ({"jwk": {"kty": "EC"}}, "header"),
    "that marks fields as critical": ({"crit": ["exp"]}, "header"),
    "with an unencoded body": ({"b64": False, "crit": ["b64"]}, "header"),
    "that is zipped": ({"zip": "DEF"}, "header"),
    "of type JWT, as id tokens are": ({"typ": "JWT"}, "typ"),
    "of type logout": ({"typ": "logout+jwt"}, "typ"),
    "without type": ({"typ": ""}, "typ"),
    "without key id": ({"kid": ""}, "kid"),
    "with a path as key id": ({"kid": "../../dev/null"}, "kid"),
    "with SQL as key id": ({"kid": "' OR 1=1 --"}, "kid"),
    "with a list as key id": ({"kid": ["a"]}, "kid"),
}


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("case", BAD_HEADERS)
def test_a_token_is_refused_for_its_header(world, checker, case):
    change, code = BAD_HEADERS[case]
    head, body, signature = world.idp.access_token("registration").split(".")
    header = {**json.loads(base64.urlsafe_b64decode(head + "==")), **change}

    with pytest.raises(TokenRefused, match=f"^{code}$"):
        checker.check(f"{b64(header)}.{body}.{signature}")


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", ""])
def test_an_unsigned_token_is_refused(world, checker, alg):
    body = world.idp.access_token("registration").split(".")[1]
    header = b64({"alg": alg, "kid": world.idp.key.kid, "typ": "at+jwt"})

    for token in (f"{header}.{body}.", f"{header}.{body}.{b64(b'x')}"):
        with pytest.raises(TokenRefused):
            checker.check(token)


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("form", ["pem", "der", "jwk"])
def test_the_public_key_is_no_secret_to_sign_with(world, checker, form):
    public = world.idp.key
    octets = {
        "pem": public.as_pem(private=False),
        "der": public.as_der(private=False),
        "jwk": json.dumps(public.as_dict(private=False)).encode(),
    }[form]
    header = {"alg": "HS256", "kid": public.kid, "typ": "at+jwt"}
    claims = {"iss": ISSUER, "aud": "registration", "sub": "1", "iat": STAMP, "exp": STAMP + 60}
    token = jwt.encode(header, claims, OctKey.import_key(base64.urlsafe_b64encode(octets)), algorithms=["HS256"])

    with pytest.raises(TokenRefused, match="alg"):
        checker.check(token)


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (ECKey.generate_key("P-256"), "ES256"),
        (ECKey.generate_key("P-384"), "ES384"),
        (RSAKey.generate_key(2048), "RS256"),
    ],
)
def test_a_strangers_key_under_our_key_id_is_refused(world, checker, key, alg):
    claims = {"iss": ISSUER, "aud": "registration", "sub": "1", "iat": STAMP, "exp": STAMP + 60}
    token = jwt.encode({"alg": alg, "kid": world.idp.key.kid, "typ": "at+jwt"}, claims, key, algorithms=[alg])

    with pytest.raises(TokenRefused):
        checker.check(token)


@pytest.mark.req("IDN-09")
def test_changed_claims_break_the_signature(world, checker):
    head, body, signature = world.idp.access_token("registration").split(".")
    claims = {**json.loads(base64.urlsafe_b64decode(body + "==")), "role": "SC"}

    with pytest.raises(TokenRefused, match="signature"):
        checker.check(f"{head}.{b64(claims)}.{signature}")


RUBBISH = ["", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d.e", "é.é.é", "e30.e30.e30", "x" * 9000, "\0.\0.\0"]
RUBBISH += [f"{b64(b'[' * 2000)}.e30.e30", f" {b64({'alg': 'ES256'})}.e30.e30"]


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("token", [*RUBBISH, f"{b64([1])}.e30.e30", f"{b64(b'{}')}=.e30.e30"])
def test_rubbish_is_refused_without_a_crash(checker, token):
    with pytest.raises(TokenRefused):
        checker.check(token)


def test_an_endless_token_is_refused_before_it_is_read(world, checker):
    token = world.idp.access_token("registration", filler="x" * LONGEST_TOKEN)

    with pytest.raises(TokenRefused, match="length"):
        checker.check(token)


@pytest.mark.req("IDN-09")
def test_keys_may_be_rotated_without_a_failed_call(world, checker):
    before = world.idp.access_token("registration")
    assert checker.check(before)

    world.idp.rotate()
    world.seconds += 11

    assert checker.check(world.idp.access_token("registration"))
    assert checker.check(before)


def test_a_key_that_is_no_longer_published_stops_counting_within_ten_minutes(world, checker):
    token = world.idp.access_token("registration", exp=STAMP + 3600)
    assert checker.check(token)

    world.idp.published = [new_key()]
    world.seconds += 601

    with pytest.raises(TokenRefused, match="kid"):
        checker.check(token)


def test_unknown_keys_make_us_ask_the_issuer_once_in_ten_seconds(world, checker):
    checker.check(world.idp.access_token("registration"))
    world.seconds += 11
    asked = len(world.idp.adapter.sent)

    for _ in range(50):
        with pytest.raises(TokenRefused, match="kid"):
            checker.check(world.idp.sign({"sub": "1"}, typ="at+jwt", key=new_key()))

    assert len(world.idp.adapter.sent) == asked + 1


def test_known_keys_outlive_an_issuer_that_is_away(world, checker):
    token = world.idp.access_token("registration", exp=STAMP + 9000)
    assert checker.check(token)

    world.idp.adapter.is_down = True
    world.seconds += 5000

    assert checker.check(token)


def test_keys_of_other_kinds_are_left_out():
    secret = {"kty": "oct", "kid": "s", "k": "c2VjcmV0"}
    sealing = {**new_key().as_dict(private=False), "use": "enc"}
    broken = {"kty": "EC", "kid": "b", "crv": "P-256", "x": "!", "y": "!"}
    keys = RemoteKeys(lambda: {"keys": [secret, sealing, broken, {"kty": "EC"}]}, monotonic=lambda: 0.0)

    assert [keys.find(kid) for kid in ("s", sealing["kid"], "b", "")] == [None] * 4
