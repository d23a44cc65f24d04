"""Questions of every type in their states, and how a template draws them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.forms.page import (
    Page,
    PageCell,
    PageDose,
    PageFactor,
    PageOption,
    PageProblem,
    PageQuestion,
    PageRow,
    PageRows,
    PageSearch,
    PageSection,
    PageVisit,
)
from shared.testing.html import parse_part
from shared.web.texts import kit_texts

TEMPLATES = Path(__file__).parents[2] / "shared/ui/templates"
POST_TO = "/forms/7"


def once(macro, *given):
    return macro(*given)


@cache
def templates(language="nb", *, is_htmx=False):
    texts = kit_texts([])
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        t=lambda key, **values: texts.text(key, language, **values), is_htmx=lambda: is_htmx, draw_once=once
    )
    return made


def draw(macro, *given, language="nb", is_htmx=False):
    """The tree that a macro of ui/questions.html makes, read strictly."""
    module = templates(language, is_htmx=is_htmx).get_template("ui/questions.html").module
    return parse_part(str(getattr(module, macro)(*given)))


def options(path, *labels, chosen=(), exclusive=(), **more):
    return tuple(
        PageOption(
            id=path if code == 1 else f"{path}.{code}",
            code=str(code),
            label=label,
            is_chosen=code in chosen,
            is_exclusive=code in exclusive,
            **more,
        )
        for code, label in enumerate(labels, 1)
    )


def steps(path, chosen=None):
    codes = [*range(11), 99]
    return tuple(
        PageOption(
            id=f"{path}.{code}" if code else path,
            code=str(code),
            label="Vil ikke svare" if code == 99 else str(code),
            is_chosen=code == chosen,
        )
        for code in codes
    )


REFERRERS = ("Fastlege", "Sykehusavdeling", "Privat spesialist", "Ukjent")
ILLNESSES = ("Hjerte- og karsykdom", "Diabetes", "Kronisk lungesykdom", "Angst eller depresjon", "Ingen av disse")
PLACES = tuple(f"Sykehus nummer {number}" for number in range(1, 15))


def asked(path, type_, label, **more):
    return PageQuestion(path=path, key=path.rpartition(".")[2], type=type_, label=label, **more)


def simple_questions():
    """One of each of the simple types, unanswered."""
    return {**chosen_questions(), **numbers(), **texts()}


def chosen_questions():
    ends = {"lowest": "Ingen smerte", "highest": "Verst tenkelige smerte"}
    illnesses = options("illnesses", *ILLNESSES, exclusive={5})
    return {
        "boolean": asked("agreed", "boolean", "Pasienten har fått informasjon"),
        "choice": asked("referrer", "choice", "Hvem henviste pasienten?", options=options("referrer", *REFERRERS)),
        "select": asked("place", "choice", "Hvilket sykehus?", options=options("place", *PLACES)),
        "choices": asked("illnesses", "choices", "Kjente sykdommer", options=illnesses),
        "nrs": asked("pain", "nrs", "Smerte siste uke", options=steps("pain"), **ends),
    }


def numbers():
    unknown = {"unknown_name": "height.unknown", "unknown_label": "Ukjent høyde"}
    return {
        "integer": asked("height", "integer", "Høyde", hint="120–230", unit="cm", **unknown),
        "decimal": asked("weight", "decimal", "Vekt", unit="kg"),
        "computed": asked("bmi", "computed", "BMI", unit="kg/m²"),
    }


def texts():
    return {
        "date": asked("day", "date", "Dato for inklusjon"),
        "text": asked("word", "text", "Stilling", max_length=60),
        "area": asked("note", "text", "Merknad", max_length=500, is_multiline=True),
    }


def answered_questions():
    """The same questions with answers."""
    made = simple_questions()
    values = {
        "boolean": "true",
        "integer": "178",
        "decimal": "82,5",
        "date": "17.05.2026",
        "text": "Lærer",
        "area": "Sov <godt>",
        "computed": "26,0",
    }
    chosen = {
        "choice": options("referrer", *REFERRERS, chosen={2}),
        "select": options("place", *PLACES, chosen={3}),
        "choices": options("illnesses", *ILLNESSES, chosen={1, 2}, exclusive={5}),
        "nrs": steps("pain", 4),
    }
    made = {name: replace(q, value=values.get(name, "")) for name, q in made.items()}
    return {name: replace(q, options=chosen.get(name, ())) for name, q in made.items()}


def faulty(questions, message="Svar på spørsmålet."):
    return {name: replace(q, errors=(message,), is_required=True) for name, q in questions.items()}


def rows_question(table=None, **more):
    def inner(number):
        path = f"blocks.r{number}"
        return (
            asked(f"{path}.kind", "choice", "Type", options=options(f"{path}.kind", "Bolus", "Infusjon")),
            asked(f"{path}.hours", "decimal", "Varighet", unit="timer", value="2,5"),
        )

    rows = (
        written_row(1),
        PageRow(path="blocks.r2", number=2, is_open=True, questions=inner(2), before='{"kind":1}'),
        PageRow(path="blocks.r3", number=3, is_open=True, is_new=True, questions=inner(3)),
    )
    made = PageRows(name="blokade", labels=("Type", "Varighet"), rows=rows)
    return asked("blocks", "rows", "Nerveblokader", table=replace(made, **(table or {})), **more)


def written_row(number):
    """A row that is a line of the table."""
    path, more = f"blocks.r{number}", (("Type", "Interskalenær blokade"), ("Side", "Venstre"))
    return PageRow(
        path=path,
        number=number,
        is_incomplete=True,
        cells=(PageCell(label="Type", text="Interskalenær blokade", more=more), PageCell(label="Varighet", text="2,5")),
        kept=((f"{path}.kind", "1"), (f"{path}.hours", "2.5")),
    )


def search_question(**more):
    """A long list of codes in which somebody has searched."""
    found = (("C50.4", "C50.4 Kreft i øvre ytre kvadrant av bryst"), ("C50.9", "C50.9 Kreft i bryst"))
    options = tuple(
        PageOption(id=f"code.{code}", code=code, label=label, is_chosen=code == "C50.9") for code, label in found
    )
    search = PageSearch(name="code.words", words="bryst", found=2, listed=2, size=166)
    return asked("code", "choice", "Kreftsmerte (ICD-10)", options=options, search=search, **more)


def opioid_question(**more):
    told = {"source": "Tabellen", "since": "04.11.2025"}
    given = PageFactor(steps="0:1", parts=(("0", "1"),), status="given", note="", **told)
    stepped = PageFactor(steps="0:2|18:3", parts=(("0", "2"), ("18", "3")), status="derived", note="Et tall.", **told)
    doses = (
        PageDose(name="opioids.morphine", label="Morfin peroralt", unit="mg/døgn", dose="20", omeq="20", factor=given),
        PageDose(name="opioids.fentanyl", label="Fentanyl plaster", unit="µg/time", dose="", omeq="", factor=stepped),
    )
    return asked("opioids", "opioid_table", "Opioider siste døgn", doses=doses, total="20", factors=1, **more)


def visits_question(**more):
    visits = (
        PageVisit(
            name="visits.doctor",
            times_name="visits.doctor.times",
            label="Lege",
            help="Lege eller lege i spesialisering.",
            is_ticked=True,
            times="3",
        ),
        PageVisit(
            name="visits.nurse", times_name="visits.nurse.times", label="Sykepleier", help="", is_ticked=False, times=""
        ),
    )
    return asked("visits", "visits_table", "Behandlere og antall tilsyn", visits=visits, **more)


def page_of(questions, *, problems=(), **more):
    questions = tuple(questions)
    return Page(
        form="b11",
        version=1,
        title="Inklusjonsskjema",
        intro="",
        sections=(PageSection(key="all", title="Inklusjon", questions=questions),),
        problems=tuple(PageProblem(path=q.path, label=q.label, message=m) for q in problems for m in q.errors),
        shown=tuple(q.path for q in questions),
        **more,
    )
