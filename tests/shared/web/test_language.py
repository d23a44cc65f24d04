"""Which language a page speaks, and the visitor's choice."""

from __future__ import annotations

import pytest
import yaml

from shared.testing.web import a_citizen, make_client, sign_in
from shared.web.language import LANGUAGES, browser_language, known_language
from shared.web.texts import HERE
from tests.shared.web.kit import World


def spoken(client, **headers):
    return client.get("/nothing-here", headers=headers).text.split('lang="')[1][:2]


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "nb"),
        ("no", "nb"),
        ("no-NO,en;q=0.1", "nb"),
        ("nb-NO", "nb"),
        ("nn-NO,nb;q=0.9", "nn"),
        ("en-GB,en;q=0.9,no;q=0.8", "en"),
        ("de,fr;q=0.9,en;q=0.2", "en"),
        ("de", "nb"),
        ("en;q=0, nn;q=0.1", "nn"),
        ("*", "nb"),
        (";;;q=x", "nb"),
    ],
)
def test_the_browsers_list_decides_when_nobody_has_chosen(client, accepted, language):
    assert spoken(client, **{"Accept-Language": accepted}) == language


@pytest.mark.req("GEN-05")
def test_choice_goes_before_log_in_and_log_in_before_browser(client):
    english = {"Accept-Language": "en"}
    sign_in(client, a_citizen(language="nn"))
    assert spoken(client, **english) == "nn"

    client.send_form("/language", {"language": "nb"})

    assert spoken(client, **english) == "nb"


@pytest.mark.req("GEN-05")
@pytest.mark.parametrize("tag", [None, "", "se", "xx-NO"])
def test_a_log_in_in_a_language_we_do_not_speak_leaves_it_to_the_browser(client, tag):
    sign_in(client, a_citizen(language=tag))

    assert spoken(client, **{"Accept-Language": "en"}) == "en"


def test_after_the_choice_the_visitor_is_back_on_the_page(client):
    answer = client.send_form("/language", {"language": "en", "return_to": "/x?y=1"})
    astray = client.send_form("/language", {"language": "en", "return_to": "//evil.test"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/x?y=1")
    assert astray.headers["Location"] == "/"


@pytest.mark.parametrize("language", ["", "de", "nb'", None])
def test_a_language_we_do_not_speak_cannot_be_chosen(client, language):
    assert client.send_form("/language", {"language": language} if language is not None else {}).status_code == 400


@pytest.mark.parametrize(("is_secure", "name"), [(True, "__Host-language"), (False, "language")])
def test_the_choice_is_kept_for_a_year_on_the_whole_host(lite_database, is_secure, name):
    client = make_client(World(lite_database, cookie_secure=is_secure).app)
    home = "https://localhost" if is_secure else "http://localhost"

    answer = client.send_form("/language", {"language": "en"}, base_url=home, headers={"Referer": f"{home}/x"})

    (cookie,) = (told for told in answer.headers.getlist("Set-Cookie") if "language" in told)
    assert cookie.startswith(f"{name}=en; ")
    assert all(part in cookie for part in ("Max-Age=31536000", "Path=/;", "HttpOnly", "SameSite=Lax"))
    assert ("Secure" in cookie) is is_secure


@pytest.mark.parametrize(("tag", "language"), [("no", "nb"), ("NB_no", "nb"), ("en", "en"), ("de", None), (None, None)])
def test_language_tags_are_read_as_people_write_them(tag, language):
    assert known_language(tag) == language


def test_the_browsers_list_may_be_empty(lite):
    with lite.app.test_request_context("/"):
        assert browser_language() is None


@pytest.mark.req("GEN-05")
def test_every_sentence_of_the_kit_is_in_all_languages():
    def keys(body, prefix=""):
        for name, value in body.items():
            yield from keys(value, f"{prefix}{name}.") if isinstance(value, dict) else [f"{prefix}{name}"]

    nb, nn, en = (
        set(keys(yaml.safe_load((HERE / f"{language}.yaml").read_text(encoding="utf-8")))) for language in LANGUAGES
    )

    assert nb == nn == en
