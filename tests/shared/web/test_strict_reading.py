"""The strict reader itself: it refuses what a careless page would get away with."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from shared.testing.html import BadHtmlError, find, form_values, parse_page, parse_part, read_html, words
from shared.testing.web import InsecureAnswerError, check_headers

START = '<!doctype html><html lang="nb"><head><meta charset="utf-8"><title>Prøve</title></head><body>'
END = "</body></html>"


@pytest.mark.parametrize(
    "body",
    [
        "<p>En</div>",
        "<p><div>To</div></p>",
        '<p id="a"></p><p id="a"></p>',
        '<p style="color: red">x</p>',
        '<button onclick="x()">x</button>',
        "<script>x()</script>",
        "<style>p {}</style>",
        '<form method="post" action="/x"><input name="a"></form>',
        '<form method="post" action="/x"><input name="csrf_token" value=""></form>',
        "<main></main><main></main>",
        "<h1>a</h1><h1>b</h1>",
        '<p class="a" class="b">x</p>',
        "<table><p>x</p></table>",
        "x & y &nosuch; <",
    ],
)
def test_a_faulty_page_is_refused(body):
    with pytest.raises(BadHtmlError):
        parse_page(f"{START}{body}{END}")


@pytest.mark.parametrize(
    "page",
    [
        f'<html lang="nb">{START[32:]}<p>x</p>{END}',
        START.replace(' lang="nb"', "") + END,
        START.replace("<title>Prøve</title>", "<title> </title>") + END,
        START.replace("<title>Prøve</title>", "") + END,
        "",
    ],
)
def test_a_page_without_its_frame_is_refused(page):
    with pytest.raises(BadHtmlError):
        parse_page(page)


def test_a_sound_page_is_read():
    tree = parse_page(
        f'{START}<main><h1>Skjema</h1><form method="post" id="f"><input name="csrf_token" value="t" type="hidden">'
        '<input name="a" value="1"><input name="b" type="checkbox"><input name="c" type="radio" value="x" checked>'
        '<input name="d" value="2" disabled><textarea name="e">æ</textarea><button name="g">Send</button>'
        '<select name="h"><option value="1">En</option><option selected>To</option></select>'
        f'</form><script nonce="n">x()</script></main>{END}'
    )

    assert words(tree).startswith("Prøve Skjema")
    assert form_values(find(tree, id="f")) == {"csrf_token": ["t"], "a": ["1"], "c": ["x"], "e": ["æ"], "h": ["To"]}
    with pytest.raises(BadHtmlError):
        find(tree, id="nowhere")


@pytest.mark.parametrize("part", ['<tr><td>x</td></tr><tr id="b"><td></td></tr>', "<p>x</p>", "text only"])
def test_a_fragment_is_read_as_it_will_be_swapped_in(part):
    assert read_html(part) is not None
    with pytest.raises(BadHtmlError):
        parse_part(f"{part}</section>")


@pytest.mark.parametrize(
    "missing",
    ["X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy", "Cache-Control", "X-Correlation-Id"],
)
def test_an_answer_without_a_header_is_refused(client, missing):
    answer = client.get("/")
    del answer.headers[missing]

    with pytest.raises(InsecureAnswerError, match=missing):
        check_headers(answer)


def test_an_app_not_made_by_the_kit_is_refused():
    answer: TestResponse = Flask("x", static_folder=None).test_client().get("/")

    with pytest.raises(InsecureAnswerError):
        check_headers(answer)
