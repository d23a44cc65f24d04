"""Authorization requests that were bent: an unknown way back is never taken, everything else is told to the lasting."""

from __future__ import annotations

import pytest

from services.identity.usecases.claims import ACCESS_TYPE, ID_TYPE, LOGOUT_TYPE
from tests.identity.api.asking import Client, kept
from tests.identity.site import ISSUER, query

GOOD = "http://localhost:8002/callback"
STRANGE = {
    "another host": "http://evil.example/callback",
    "another client's": "http://localhost:8003/callback",
    "user information before the host": "http://localhost:8002@evil.example/callback",
    "user information before the right host": "http://evil@localhost:8002/callback",
    "the right host as part of another": "http://localhost.evil.example:8002/callback",
    "a dot after the host": "http://localhost.:8002/callback",
    "a number for the host": "http://127.0.0.1:8002/callback",
    "a fragment": f"{GOOD}#here",
    "an empty fragment": f"{GOOD}#",
    "a query": f"{GOOD}?next=http://evil.example",
    "an empty query": f"{GOOD}?",
    "path traversal": "http://localhost:8002/callback/../evil",
    "path traversal that comes back": "http://localhost:8002/x/../callback",
    "encoded path traversal": "http://localhost:8002/callback/%2e%2e/evil",
    "a slash at the end": f"{GOOD}/",
    "two slashes": "http://localhost:8002//callback",
    "a matrix parameter": f"{GOOD};x",
    "a blank at the end": f"{GOOD} ",
    "another case of the path": "http://localhost:8002/Callback",
    "another case of the host": "http://LOCALHOST:8002/callback",
    "another case of the scheme": "HTTP://localhost:8002/callback",
    "another port": "http://localhost:9002/callback",
    "no port": "http://localhost/callback",
    "another scheme": "https://localhost:8002/callback",
    "no scheme": "//localhost:8002/callback",
    "a script": "javascript:alert(1)//localhost:8002/callback",
    "data": "data:text/html,x",
    "an encoded sign": "http://localhost:8002/c%61llback",
    "encoded twice": "http%253A%252F%252Flocalhost%253A8002%252Fcallback",
    "a backslash": "http://localhost:8002\\callback",
    "a null sign": f"{GOOD}\0",
    "a line break": f"{GOOD}\r\nSet-Cookie: x=1",
    "the front page": "http://localhost:8002/",
    "the page after log-out": "http://localhost:8002",
    "nothing": "",
    "none": None,
}


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("more", [{}, {"prompt": "none"}, {"response_type": "token"}, {"scope": "x"}], ids=str)
@pytest.mark.parametrize("address", STRANGE.values(), ids=STRANGE)
def test_no_answer_goes_to_an_address_that_is_not_registered(lasting, address, more):
    before = kept(lasting.site)
    answer = lasting.ask(redirect_uri=address, **more)

    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert kept(lasting.site) == before


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("client_id", ["", "unknown", "Registration", "registration ", "identity", None])
def test_no_answer_goes_to_a_client_that_is_not_registered(lasting, client_id):
    answer = lasting.ask(client_id=client_id)

    assert (answer.status_code, "Location" in answer.headers) == (400, False)


BENT = {
    "PKCE missing": ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
    "PKCE without a challenge": ({"code_challenge": None}, "invalid_request"),
    "PKCE without a method": ({"code_challenge_method": None}, "invalid_request"),
    "PKCE plain": ({"code_challenge_method": "plain"}, "invalid_request"),
    "PKCE with an unknown method": ({"code_challenge_method": "S512"}, "invalid_request"),
    "PKCE with another case of the method": ({"code_challenge_method": "s256"}, "invalid_request"),
    "PKCE challenge too short": ({"code_challenge": "c" * 42}, "invalid_request"),
    "PKCE challenge too long": ({"code_challenge": "c" * 44}, "invalid_request"),
    "PKCE challenge with a strange sign": ({"code_challenge": "c" * 42 + "="}, "invalid_request"),
    "no nonce": ({"nonce": None}, "invalid_request"),
    "an empty nonce": ({"nonce": ""}, "invalid_request"),
    "tokens in the address": ({"response_type": "token"}, "unsupported_response_type"),
    "an id token in the address": ({"response_type": "id_token"}, "unsupported_response_type"),
    "a hybrid answer": ({"response_type": "code id_token"}, "unsupported_response_type"),
    "no response type": ({"response_type": None}, "unsupported_response_type"),
    "an answer in a fragment": ({"response_mode": "fragment"}, "invalid_request"),
    "an answer by form": ({"response_mode": "form_post"}, "invalid_request"),
    "no scope": ({"scope": None}, "invalid_scope"),
    "a scope without openid": ({"scope": "profile"}, "invalid_scope"),
    "a request object": ({"request": "eyJhbGciOiJub25lIn0.e30."}, "request_not_supported"),
    "a request object elsewhere": ({"request_uri": "http://evil.example/r"}, "request_uri_not_supported"),
    "a client of its own making": ({"registration": "x"}, "registration_not_supported"),
    "an unknown prompt": ({"prompt": "create"}, "invalid_request"),
    "a prompt that contradicts itself": ({"prompt": "none login"}, "invalid_request"),
    "an age that is no number": ({"max_age": "-1"}, "invalid_request"),
    "a hint that is no token": ({"id_token_hint": "x.y.z"}, "login_required"),
}


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize(("change", "error"), BENT.values(), ids=BENT)
def test_a_bent_request_is_told_to_the_client_and_gives_no_code(lasting, change, error):
    before = kept(lasting.site)
    answer = lasting.ask(**change)

    told = query(answer.location)
    assert answer.status_code == 302
    assert answer.location.startswith(f"{GOOD}?")
    assert (told["error"], told["state"], told["iss"]) == (error, "s" * 32, ISSUER)
    assert "code" not in told
    assert kept(lasting.site) == before


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("name", ["client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge", "prompt"])
def test_a_field_that_stands_twice_is_refused_without_an_answer_to_anybody(lasting, name):
    fields = lasting.asked(prompt="login")
    answer = lasting.browser.get("/authorize", query_string=[*fields.items(), (name, fields[name])])

    assert (answer.status_code, "Location" in answer.headers) == (400, False)


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize(
    ("token_type", "user_id", "error"),
    [
        (ID_TYPE, 0, None),
        (ID_TYPE, 1, "login_required"),
        (ACCESS_TYPE, 0, "login_required"),
        (LOGOUT_TYPE, 0, "login_required"),
    ],
    ids=["an id token of the user", "of another user", "an access token", "a log-out token"],
)
def test_a_code_is_given_for_the_user_the_client_means(lasting, token_type, user_id, error):
    claims = {"iss": ISSUER, "aud": "registration", "sub": str(lasting.site.user_id + user_id)}
    hint = lasting.site.parts.keys.sign(claims, token_type=token_type)
    told = query(lasting.ask(id_token_hint=hint).location)

    assert told.get("error") == error
    assert ("code" in told) is (error is None)


@pytest.mark.req("IDN-09")
def test_without_a_log_in_a_silent_request_is_told_so_and_nobody_sees_a_page(lasting):
    stranger = Client(lasting.site, browser=lasting.site.browser())
    told = query(stranger.ask(prompt="none").location)

    assert (told["error"], told["iss"]) == ("login_required", ISSUER)


@pytest.mark.req("IDN-09")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_request_comes_by_address_only(lasting, method):
    answer = lasting.browser.open("/authorize", method=method, data=lasting.asked())

    assert answer.status_code in {400, 405}
