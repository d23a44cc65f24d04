"""What a provider behind identity signs or sends back, bent: whatever it is, nobody is let in by it."""

from __future__ import annotations

import pytest

from services.identity.domain.roles import RoleCode
from tests.identity.site import query
from tests.identity.upstream import Upstreams
from tests.identity.world import HERE, THERE
from tests.outside import STANDINS

pytestmark = pytest.mark.req("IDN-09")
BOTH = pytest.mark.parametrize("name", ["helseid", "idporten"])


@pytest.fixture(scope="module")
def lasting(tmp_path_factory):
    """One user is linked with HelseID, another with ID-porten; what is refused changes nothing of it."""
    folder = tmp_path_factory.mktemp("upstream")
    made = Upstreams(folder, f"sqlite:///{folder}/site.sqlite")
    made.site.add("ola", (HERE, RoleCode.LU), (THERE, RoleCode.LC))
    made.linked("helseid")
    made.linked("idporten", "ola")
    yield made
    made.site.database.engine.dispose()


@pytest.fixture(autouse=True)
def straight(request):
    """Whatever a test bends is straight again after it."""
    yield
    if "lasting" in request.fixturenames:
        made = request.getfixturevalue("lasting")
        made.claims, made.answer = {}, {}


CLAIMS = {
    "a lower level": {"helseid://claims/identity/security_level": "3", "acr": "idporten-loa-substantial"},
    "no level": {"helseid://claims/identity/security_level": None, "acr": None},
    "a level that is a number": {"helseid://claims/identity/security_level": 4, "acr": 4},
    "another issuer": {"iss": "http://evil.example"},
    "the other provider": {"iss": f"{STANDINS}/maskinporten"},
    "another audience": {"aud": "eprom"},
    "several audiences": {"aud": ["identity", "eprom"]},
    "another party": {"azp": "eprom"},
    "another nonce": {"nonce": "x" * 43},
    "no nonce": {"nonce": None},
    "an old log-in": {"auth_time": 1},
    "no time of the log-in": {"auth_time": None},
    "over": {"exp": 1},
    "from the future": {"iat": 2**33},
    "another access token": {"at_hash": "x"},
    "no subject": {"sub": None},
    "a subject that is a number": {"sub": 7},
}


@BOTH
@pytest.mark.parametrize("claims", CLAIMS.values(), ids=CLAIMS)
def test_a_bent_answer_lets_nobody_in(lasting, name, claims):
    lasting.claims, browser = claims, lasting.site.browser()
    answer = lasting.log_in(browser, name)

    assert answer.status_code == 400
    assert lasting.user_of(browser) is None


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        {"state": "x" * 43},
        {"state": ""},
        {"iss": "http://evil.example"},
        {"iss": ""},
        {"code": "x"},
        {"code": ""},
        {"error": "access_denied"},
    ],
    ids=["another state", "no state", "another issuer", "no issuer", "another code", "no code", "stopped"],
)
def test_a_bent_way_back_lets_nobody_in(lasting, name, change):
    browser = lasting.site.browser()
    back = query(lasting.come_back(lasting.begin(browser, name)))
    answer = browser.get("/callback", query_string={**back, **change})

    assert answer.status_code == 400
    assert lasting.user_of(browser) is None


@BOTH
def test_a_way_back_counts_once_and_in_its_own_browser_only(lasting, name):
    browser, stranger = lasting.site.browser(), lasting.site.browser()
    back = lasting.come_back(lasting.begin(browser, name))
    assert stranger.get(back).status_code == 400

    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 400
    assert lasting.user_of(stranger) is None


@pytest.mark.parametrize("kind", ["Bearer", None])
def test_a_token_that_is_bound_to_no_key_is_refused(lasting, kind):
    lasting.answer = {"token_type": kind}

    assert lasting.log_in(lasting.site.browser(), "helseid").status_code == 400
