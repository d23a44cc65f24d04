"""Printed forms, empty and filled: every question is there, they can be read aloud, and nothing runs off the paper."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
import typst
from PIL import Image, ImageChops

from shared.forms.catalogue import registry
from shared.forms.definition import say
from shared.forms.page_maker import Showing
from shared.ui.letters import make_form as module
from shared.ui.letters.make_form import Heading, identity_keys, make_empty_form, make_filled_form
from tests.registration.usecases.written import CONTEXT, filled
from tests.ui.form_pages import opioid_question, options, rows_question, simple_questions, visits_question
from tests.ui.form_pages import page_of as sample
from tests.ui.pdf_text import pdf_text

SMERTEREG = registry("smertereg")
LANGUAGES = ("nb", "nn", "en")
HEADING = Heading(
    registry="Nasjonalt kvalitetsregister for smertebehandling",
    day=date(2026, 11, 25),
    facts=[("PID", "3"), ("FID", "12")],
)
MARGIN = 14 / 210  # of the width of the paper; the frame leaves 18 mm
pytestmark = pytest.mark.req("REG-19")


def one_word(text):
    """The text without its spaces: a line may be broken anywhere."""
    return "".join(text.replace("\u00ad", "").split()).replace("-", "")


def page_of(key, document=None, language="nb"):
    form = SMERTEREG.form(key)
    showing = Showing(language=language, person={"phone": "+4799000001", "email": ""}, is_read_only=True)
    return form.page(document or filled(key), {**CONTEXT, "birth_date": date(1969, 5, 3)}, showing)


def asked(form):
    """Every question that can show, those inside rows too."""
    return [question for question in form.definition.all_questions() if not question.is_hidden]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", SMERTEREG.form_keys)
def test_an_empty_form_holds_every_question_and_option(key, language):
    form = SMERTEREG.form(key)
    text = one_word(pdf_text(make_empty_form(form, HEADING, language)))
    labels = [say(question.label, language) for question in asked(form)]
    short = [one for one in asked(form) if len(one.options) <= 40 and one.type != "computed"]
    labels += [say(option.label, language) for question in short for option in question.options]
    assert labels
    assert [label for label in labels if one_word(label) not in text] == []


@pytest.mark.parametrize("key", SMERTEREG.form_keys)
def test_a_filled_form_holds_what_shows_and_its_answers(key):
    page = page_of(key)
    text = one_word(pdf_text(make_filled_form(page, HEADING, "nb")))
    shown = [question for section in page.sections for question in section.questions]
    labels = [question.label for question in shown]
    labels += [option.label for question in shown for option in question.options if option.is_chosen]
    labels += [question.value for question in shown if question.type in {"integer", "date"}]
    assert len(labels) > 3
    assert [label for label in labels if one_word(label) not in text] == []
    assert "PID3" in text
    assert "FID12" in text


def test_rows_are_printed_line_by_line():
    rows = [
        {"id": "a1", "pain_category": 1, "acute_category": 2, "main_diagnosis": 1},
        {"id": "a2", "pain_category": 4},
    ]
    document = SMERTEREG.form("b11").new({"pain_diagnoses": rows})
    text = pdf_text(make_filled_form(page_of("b11", document), HEADING, "nb"))
    assert [word for word in ("Rad 1", "Akutt smerte", "På grunn av skade", "Rad 2") if word not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", ["to", "b11", "b22", "eval"])
def test_a_printed_form_can_be_read_aloud(key, language):
    form = SMERTEREG.form(key)
    for content in (make_empty_form(form, HEADING, language), make_filled_form(page_of(key), HEADING, language)):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert str(pdf.Root.Lang) == language
            assert pdf.Root.MarkInfo.Marked
            assert "/StructTreeRoot" in pdf.Root
            with pdf.open_metadata() as facts:
                assert facts["pdfuaid:part"] == "1"


def test_who_it_is_about_stands_on_it_only_when_asked_for():
    page, form = page_of("po"), SMERTEREG.form("po")
    without = Heading(registry="R", day=HEADING.day, withheld=identity_keys(form))
    named = Heading(registry="R", day=HEADING.day, identity=[("Navn", "Line Danser")])
    plain, told = (pdf_text(make_filled_form(page, heading, "nb")) for heading in (without, named))
    for sign in ("+4799000001", "03.05.1969", "Line Danser"):
        assert (sign in plain, sign in told) == (False, True)


@pytest.fixture
def pictures(monkeypatch):
    """The pages as they look, instead of the PDF."""
    compile_pdf, made = typst.compile, []

    def compile_both(source, **options):
        plain = {name: value for name, value in options.items() if name not in {"pdf_standards", "timestamp", "format"}}
        found = compile_pdf(source, format="png", ppi=50, **plain)
        made.extend(Image.open(io.BytesIO(one)).convert("L") for one in (found if isinstance(found, list) else [found]))
        return compile_pdf(source, **options)

    monkeypatch.setattr(module.typst, "compile", compile_both)
    return made


def is_margin_empty(picture):
    edge = round(picture.width * MARGIN)
    strips = [(0, 0, edge, picture.height), (picture.width - edge, 0, picture.width, picture.height)]
    blank = Image.new("L", (edge, picture.height), 255)
    return all(ImageChops.difference(picture.crop(strip), blank).getbbox() is None for strip in strips)


@pytest.mark.parametrize("key", SMERTEREG.form_keys)
def test_nothing_runs_into_the_margin(key, pictures):
    make_empty_form(SMERTEREG.form(key), HEADING, "nb")
    make_filled_form(page_of(key), HEADING, "en")
    assert len(pictures) >= 2
    assert [number for number, picture in enumerate(pictures) if not is_margin_empty(picture)] == []


def test_the_longest_words_are_broken(pictures):
    long = "arbeidsulykkesforsikringsselskap" * 6
    kinds = simple_questions().values()
    several = [replace(q, label=long, hint=long, options=options(q.path, long, long, long, chosen={1})) for q in kinds]
    tables = [replace(visits_question(), label=long), replace(opioid_question(), label=long), rows_question()]
    make_filled_form(sample(several + tables), HEADING, "nb")
    assert pictures
    assert all(is_margin_empty(picture) for picture in pictures)
