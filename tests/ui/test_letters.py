"""Letters are PDF that can be read aloud, in three languages, and say what they must."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest
import yaml

from shared.ui.letters import make_letter as module
from shared.ui.letters.fonts import letter_fonts
from shared.ui.letters.make_letter import UnknownLetter, make_letter, make_printed_letter, title_of
from tests.ui.pdf_text import highest_text, pdf_text

LANGUAGES = ("nb", "nn", "en")
CASES = ("reservation_closed", "reservation_withdrawn")
LETTERS = (*CASES, "form_to_answer")
WINDOW_ENDS = 841.89 - 80 / 25.4 * 72  # points above the lower edge: the window of an envelope ends above 80 mm
WORDS = Path(module.__file__).parent / "translations"


def values(**changes):
    """The facts of a case."""
    return {
        "sender": "Nasjonalt register for smerte",
        "registry": "SmerteReg",
        "day": date(2026, 11, 25),
        "reference": "1a2b",
        "received_on": date(2026, 11, 21),
        "closed_on": date(2026, 11, 24),
        "projects": ["Ryggsmerter etter kirurgi"],
        "address": "https://eprom.example.no",
        "code": "0123 4567 89AB CDEF GHJK MNPQ RSTV",
        "link": "https://eprom.example.no/s/0123456789ABCDEFGHJKMNPQRSTV",
        "last_day": date(2026, 12, 30),
        **changes,
    }


def words(language):
    return yaml.safe_load((WORDS / f"{language}.yaml").read_text(encoding="utf-8"))


def shape(body):
    """What a letter is made of, without its words."""
    return {name: [sorted(part) for part in letter.get("parts", [])] for name, letter in body.items()}


@pytest.mark.req("RES-03")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", LETTERS)
def test_a_letter_can_be_read_aloud(template, language):
    with pikepdf.open(io.BytesIO(make_letter(template, values(), language))) as pdf:
        assert str(pdf.Root.Lang) == language
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        with pdf.open_metadata() as facts:
            assert facts["pdfuaid:part"] == "1"
            assert facts["dc:title"] == title_of(template, values(), language)


@pytest.mark.req("RES-03", "RES-06", "GEN-05")
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nb", "Vi fikk reservasjonen din 21. november 2026."),
        ("nn", "Vi fekk reservasjonen din 21. november 2026."),
        ("en", "We received your message on 21 November 2026."),
    ],
)
def test_the_letter_says_what_happened_and_where_data_went(language, sentence):
    text = pdf_text(make_letter("reservation_closed", values(), language))

    assert sentence in text
    assert "Ryggsmerter etter kirurgi" in text
    assert "1a2b" in text


@pytest.mark.req("RES-06")
def test_without_deliveries_the_letter_says_so():
    text = pdf_text(make_letter("reservation_closed", values(projects=[]), "nb"))

    assert "Vi har ikke utlevert opplysninger om deg til noe slikt prosjekt." in text
    assert "disse prosjektene" not in text


def test_what_comes_from_outside_is_never_markup():
    projects = ['*Bold* #read("/etc/hostname") $x$', "= Heading {registry}"]
    text = pdf_text(make_letter("reservation_closed", values(projects=projects), "nb"))

    assert all(" ".join(project.split()) in text for project in projects)


def test_the_same_facts_give_the_same_bytes():
    assert make_letter("reservation_closed", values(), "nb") == make_letter("reservation_closed", values(), "nb")


@pytest.mark.parametrize(
    ("template", "language"), [("no_such", "nb"), ("frame", "nb"), ("form", "nb"), ("reservation_closed", "fr")]
)
def test_a_letter_that_does_not_exist_is_not_made(template, language):
    with pytest.raises(UnknownLetter):
        make_letter(template, values(), language)


@pytest.mark.req("EPR-04", "OPS-07")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_for_an_envelope_has_nothing_behind_the_window_and_can_be_read_aloud(language):
    content = make_printed_letter("form_to_answer", values(), language)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert (pdf.pdf_version, len(pdf.pages)) == ("1.5", 1)
        with pdf.open_metadata() as facts:
            assert facts["pdfuaid:part"] == "1"
        assert highest_text(pdf.pages[0]) < WINDOW_ENDS

    assert values()["code"] in pdf_text(content)


@pytest.mark.req("EPR-04")
def test_a_letter_about_a_form_tells_the_way_the_code_and_the_last_day():
    text = pdf_text(make_printed_letter("form_to_answer", values(), "nb"))

    assert "Gå til https://eprom.example.no og skriv denne koden: 0123 4567" in text
    assert "til og med 30. desember 2026" in text
    assert "register" not in text.removeprefix(values()["sender"]).removesuffix(values()["sender"])


def test_a_letter_needs_its_day():
    with pytest.raises(TypeError, match="day"):
        make_letter("reservation_withdrawn", values(day="25. november"), "nb")


@pytest.mark.req("GEN-05")
def test_all_languages_have_the_same_letters():
    assert shape(words("nb")) == shape(words("nn")) == shape(words("en"))
    assert set(words("nb")) == {"frame", "form", *LETTERS}


def test_without_the_assets_of_pages_a_letter_has_another_font(tmp_path):
    assert "Inter" in letter_fonts().families()
    assert "Libertinus Serif" in letter_fonts(tmp_path).families()
