"""Reads the owner's wording of licensed instruments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from shared.forms.definition import Audience, Code, FormDefinition, Option, Question, Section, Text, Type, say
from shared.forms.licence import LICENSED, MISSING, Licence
from shared.forms.problems import said
from shared.forms.reading import Flaws, Node, read_yaml

Codes = dict[str, set[Code]]


@dataclass(frozen=True)
class _Words:
    """What the owner calls one question and its options, by code."""

    label: Text | None
    help: Text | None
    options: Mapping[str, Text]


@dataclass(frozen=True)
class _Wording:
    """The texts of one instrument; what the file leaves out stays as it was."""

    instrument: str
    title: Text | None
    intro: Text | None
    words: Mapping[str, _Words]


@dataclass(frozen=True)
class _Asked:
    """Questions and codes of one text file: all that some version has, and those that need the owner's words."""

    known: Codes = field(default_factory=dict)
    needed: Codes = field(default_factory=dict)


Wordings = Mapping[str, _Wording | None]


def read_wordings(forms: Iterable[FormDefinition], registry: str, folder: Path, flaws: Flaws) -> Wordings:
    """The text files of a registry's instruments by name; None for one that is not there.

    A registry's files stand in a folder with its key; beside it are those that several registries share.
    """
    versions = sorted(forms, key=lambda form: form.version)
    newest = {form.key: form.version for form in versions}
    asked: dict[str, _Asked] = {}
    for form in versions:
        for licence, questions in _instruments(form):
            of_file = asked.setdefault(licence.text_file, _Asked())
            _add(of_file, questions, is_newest=form.version == newest[form.key])
    return {name: _read(_file(folder, registry, name), found, flaws) for name, found in asked.items()}


def with_wording(form: FormDefinition, wordings: Wordings, file: Path, flaws: Flaws) -> FormDefinition:
    """The form with the owners' texts in place of the samples; codes, fields and rules stay.

    An instrument whose file is not there has no wording, and the form says so.
    """
    own = _wording(form.licence, wordings, file, flaws)
    if form.licence and own is None:
        form = replace(form, licence=replace(form.licence, wording=MISSING))
    if form.licence and own:
        form = replace(
            form,
            title=own.title or form.title,
            intro=own.intro or form.intro,
            licence=replace(form.licence, wording=LICENSED),
            sections=tuple(_reworded(section, own.words) for section in form.sections),
        )
    form = replace(form, sections=tuple(_section(section, wordings, file, flaws) for section in form.sections))
    return replace(form, intro=said("wording.missing")) if lacks_wording(form) else form


def lacks_wording(form: FormDefinition) -> bool:
    """Whether owners' texts are in use and those of some instrument of the form are not there."""
    licences = [form.licence, *(section.licence for section in form.sections)]
    return any(licence is not None and licence.wording == MISSING for licence in licences)


def _section(section: Section, wordings: Wordings, file: Path, flaws: Flaws) -> Section:
    if section.licence is None:
        return section
    own = _wording(section.licence, wordings, file, flaws)
    if own is None:
        return replace(section, licence=replace(section.licence, wording=MISSING))
    licence = replace(section.licence, wording=LICENSED)
    return replace(_reworded(section, own.words), title=own.title or section.title, licence=licence)


def _wording(licence: Licence | None, wordings: Wordings, file: Path, flaws: Flaws) -> _Wording | None:
    own = wordings.get(licence.text_file) if licence else None
    if own and licence and own.instrument != licence.instrument:
        flaws.add(
            file,
            "licence",
            f"{licence.text_file} holds the texts of {own.instrument}, which is not {licence.instrument}",
        )
    return own


def _instruments(form: FormDefinition) -> Iterator[tuple[Licence, list[Question]]]:
    """The instruments of a form with their questions: a whole form's are those that patients answer."""
    for section in form.sections:
        if section.licence:
            yield section.licence, list(section.questions)
        elif form.licence and section.audience is not Audience.CLINICIAN:
            yield form.licence, list(section.questions)


def _add(asked: _Asked, questions: Iterable[Question], *, is_newest: bool) -> None:
    for question in (inner for outer in questions for inner in (outer, *outer.questions)):
        asked.known.setdefault(question.key, set()).update(option.code for option in question.options)
        if is_newest and question.type is not Type.COMPUTED:
            worded = (option.code for option in question.options if say(option.label, "nb") != str(option.code))
            asked.needed.setdefault(question.key, set()).update(worded)


def _file(folder: Path, registry: str, name: str) -> Path:
    own = folder / registry / name
    return own if own.exists() else folder / name


def _read(file: Path, asked: _Asked, flaws: Flaws) -> _Wording | None:
    node = read_yaml(file, flaws) if file.exists() else None
    if node is None:
        return None
    instrument = node.string("instrument", needed=True)
    title, intro = node.text("title"), node.text("intro")
    texts = node.node("questions", needed=True)
    words = {str(key): _words(texts, key, asked) for key in texts.names()} if texts else {}
    node.close()
    for key, codes in asked.needed.items():
        lacking = sorted(str(code) for code in codes if str(code) not in (words[key].options if key in words else ()))
        if key not in words or words[key].label is None:
            node.flaw(f"questions.{key}", "has no text")
        elif lacking:
            node.flaw(f"questions.{key}.options", f"has no text for {', '.join(lacking)}")
    return _Wording(instrument, title, intro, words)


def _words(texts: Node, key: str, asked: _Asked) -> _Words:
    inner = texts.node(key)
    if inner is None or key not in asked.known:
        texts.flaw(key, "is not a question of the form, or has no texts")
        return _Words(None, None, {})
    options: dict[str, Text] = {}
    option_texts = inner.node("options")
    for code in option_texts.names() if option_texts else ():
        if str(code) not in map(str, asked.known[key]):
            inner.flaw(f"options.{code}", "is no code of the question")
        options[str(code)] = option_texts.text(code) or {} if option_texts else {}
    found = _Words(inner.text("label"), inner.text("help"), options)
    inner.close()
    return found


def _reworded(section: Section, words: Mapping[str, _Words]) -> Section:
    return replace(section, questions=tuple(_with_words(q, words.get(q.key)) for q in section.questions))


def _with_words(question: Question, words: _Words | None) -> Question:
    if words is None:
        return question
    return replace(
        question,
        label=words.label or question.label,
        help=words.help or question.help,
        options=tuple(_option_with_words(option, words.options) for option in question.options),
    )


def _option_with_words(option: Option, options: Mapping[str, Text]) -> Option:
    return replace(option, label=options.get(str(option.code)) or option.label)
