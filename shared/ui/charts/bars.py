"""Bars: one line each, longest first or in the order given, with the number at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import vl_convert
from babel.numbers import format_decimal
from markupsafe import Markup

_COLOR, _INK = "#0b5b66", "#1e2b3c"
_LOCALES = {"nb": "nb", "nn": "nn", "en": "en_GB"}
# D3's way to say it; the ticks of the axis are written by it, the numbers at the bars by Babel.
_NUMBERS = {
    "nb": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0kr"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["NOK\u00a0", ""]},
}
_START = re.compile(r'^<svg [^>]*?width="(\d+)" height="(\d+)"[^>]*>')


@dataclass(frozen=True)
class Bar:
    """One bar; without a value it is shown empty with its note, such as "<5" where few persons are counted."""

    label: str
    value: float | None
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """The drawing, which is one picture for a screen reader; `text` says the same in words."""

    svg: Markup
    text: str


def bar_chart(title: str, bars: Sequence[Bar], *, unit: str, language: str, width: int = 320) -> Chart:
    """Bars of a list. `unit` stands under the axis; `width` is that of the bars in CSS pixels."""
    rows = [{"label": bar.label, "value": bar.value or 0, "shown": _shown(bar, language)} for bar in bars]
    text = f"{title}, {unit}: " + "; ".join(f"{row['label']} {row['shown']}" for row in rows)
    drawn = vl_convert.vegalite_to_svg(
        _spec(rows, unit, width),
        format_locale=_NUMBERS["en" if language == "en" else "nb"],
        allowed_base_urls=[],
    )
    return Chart(Markup(_labelled(drawn, text)), text)  # noqa: S704 - Vega escapes labels, `_labelled` the text


def _spec(rows: list[dict[str, Any]], unit: str, width: int) -> dict[str, Any]:
    line = {"field": "label", "type": "nominal", "sort": None, "title": None}
    length = {"field": "value", "type": "quantitative", "title": unit, "scale": {"zero": True, "nice": True}}
    return {
        "data": {"values": rows},
        "width": width,
        "height": {"step": 28},
        "background": None,
        "encoding": {"y": line, "x": length},
        "layer": [
            {"mark": {"type": "bar", "color": _COLOR}},
            {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": {"text": {"field": "shown"}}},
        ],
        "config": {
            "font": "Inter, sans-serif",
            "view": {"stroke": None},
            "axis": {"grid": False, "labelFontSize": 13, "titleFontSize": 13, "labelColor": _INK, "titleColor": _INK},
            "axisX": {"tickCount": 4},
            "text": {"fontSize": 13, "color": _INK},
        },
    }


def _shown(bar: Bar, language: str) -> str:
    if bar.value is None:
        return bar.note or "–"
    number: str = format_decimal(bar.value, locale=_LOCALES[language])
    return f"{number} {bar.note}".rstrip()


def _labelled(drawn: str, text: str) -> str:
    """The same picture with one label, which grows and shrinks with the page."""
    found = _START.match(drawn)
    if found is None:
        raise ValueError("no drawing")
    wide, high = found.groups()
    label = escape(text, quote=True)
    start = f'<svg class="chart" role="img" aria-label="{label}" width="{wide}" viewBox="0 0 {wide} {high}">'
    return start + drawn[found.end() :]
