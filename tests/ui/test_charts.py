"""Charts can be drawn under the content policy, and say in words what they show."""

from __future__ import annotations

import pytest

from shared.testing.html import read_html, words
from shared.ui.charts.bars import Bar, bar_chart

BARS = [Bar("Haukeland", 72.8), Bar("Fonna <b>", 1234), Bar("Førde", None, "<5")]


def chart(language="nb", bars=BARS):
    return bar_chart("Svar & andel", bars, unit="prosent", language=language)


@pytest.mark.req("OPS-07")
@pytest.mark.parametrize(
    ("language", "numbers"), [("nb", ("72,8", "1\u00a0234")), ("nn", ("72,8", "1\u00a0234")), ("en", ("72.8", "1,234"))]
)
def test_a_chart_says_in_words_what_it_shows(language, numbers):
    text = chart(language).text

    assert text == f"Svar & andel, prosent: Haukeland {numbers[0]}; Fonna <b> {numbers[1]}; Førde <5"


@pytest.mark.req("OPS-07")
def test_a_chart_is_one_picture_with_a_label():
    (svg,) = [node for node in read_html(chart().svg).iter() if node.get("role") == "img"]

    assert svg.get("aria-label") == chart().text


def test_nothing_in_a_chart_is_markup_or_style():
    assert "<b>" not in chart().svg
    assert "style" not in chart().svg
    assert "http" not in chart().svg


def test_every_bar_has_its_name_and_number():
    shown = words(read_html(chart().svg))

    assert all(name in shown for name in ("Haukeland", "Fonna <b>", "Førde", "72,8", "<5"))


def test_bars_keep_their_order():
    shown = words(read_html(chart(bars=[Bar("Å", 1), Bar("A", 9)]).svg))

    assert shown.index("Å") < shown.index("A ")


def test_a_chart_without_bars_is_still_a_chart():
    assert chart(bars=[]).svg.startswith('<svg class="chart"')
