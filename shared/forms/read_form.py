"""Reads one version of a form, and the owner's wording of a licensed one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from shared.forms.definition import Audience, FormDefinition, Licence, Option, Question, Section, Text
from shared.forms.read_condition import read_condition
from shared.forms.read_question import Lists, read_question
from shared.forms.reading import Flaws, Node, read_yaml


def read_form(file: Path, registry: str, lists: Lists, flaws: Flaws) -> FormDefinition | None:
    """The form in a file, or None with the flaws noted."""
    node = read_yaml(file, flaws)
    if node is None:
        return None
    form = FormDefinition(
        registry=registry,
        key=node.word("form"),
        version=node.integer("version", needed=True),
        published_on=node.day("published_on"),
        table=node.string("table", needed=True),
        form_order=node.take("form_order", int),
        audience=node.one_of("audience", Audience) or Audience.CLINICIAN,
        short=node.string("short", needed=True),
        title=node.text("title", needed=True) or {},
        intro=node.text("intro"),
        licence=_licence(node),
        sections=tuple(_section(item, lists) for item in node.nodes("sections", needed=True)),
    )
    node.close()
    if file.stem != f"v{form.version}" or file.parent.name != form.key:
        node.flaw("", f"says it is {form.key} version {form.version}, its path says otherwise")
    return form


def _section(node: Node, lists: Lists) -> Section:
    questions = [read_question(item, lists) for item in node.nodes("questions", needed=True)]
    section = Section(
        key=node.word("key"),
        title=node.text("title", needed=True) or {},
        questions=tuple(question for question in questions if question),
        show_if=read_condition(node, "show_if"),
        audience=node.one_of("audience", Audience, needed=False),
    )
    node.close()
    return section


def _licence(node: Node) -> Licence | None:
    inner = node.node("licence")
    if inner is None:
        return None
    licence = Licence(
        inner.string("instrument", needed=True),
        inner.string("wording", needed=True),
        inner.string("text_file", needed=True),
    )
    if licence.wording != "sample" or Path(licence.text_file).name != licence.text_file:
        inner.flaw("", "ships with wording: sample, and names a file without folders")
    inner.close()
    return licence


def with_wording(form: FormDefinition, file: Path, flaws: Flaws) -> FormDefinition:
    """The form with the owner's texts in place of the sample's; codes, fields and rules stay."""
    node = read_yaml(file, flaws)
    if node is None or form.licence is None:
        return form
    if node.string("instrument", needed=True) != form.licence.instrument:
        node.flaw("instrument", f"is not {form.licence.instrument}")
    title, intro = node.text("title"), node.text("intro")
    texts = node.node("questions", needed=True)
    known = {question.key for question in form.all_questions()}
    words = {key: _words(texts, key, known) for key in texts.names()} if texts else {}
    node.close()
    return replace(
        form,
        title=title or form.title,
        intro=intro or form.intro,
        licence=replace(form.licence, wording="licensed"),
        sections=tuple(_reworded(section, words) for section in form.sections),
    )


def _words(texts: Node, key: str, known: set[str]) -> tuple[Text | None, Text | None, Mapping[str, Text]]:
    inner = texts.node(key)
    if inner is None or key not in known:
        texts.flaw(key, "is not a question of the form, or has no texts")
        return None, None, {}
    options: dict[str, Text] = {}
    option_texts = inner.node("options")
    for code in option_texts.names() if option_texts else ():
        options[str(code)] = option_texts.text(code) or {} if option_texts else {}
    found = inner.text("label"), inner.text("help"), options
    inner.close()
    return found


def _reworded(section: Section, words: Mapping[str, tuple[Text | None, Text | None, Mapping[str, Text]]]) -> Section:
    return replace(section, questions=tuple(_with_words(q, words.get(q.key)) for q in section.questions))


def _with_words(question: Question, words: tuple[Text | None, Text | None, Mapping[str, Text]] | None) -> Question:
    if words is None:
        return question
    label, helping, options = words
    return replace(
        question,
        label=label or question.label,
        help=helping or question.help,
        options=tuple(_option_with_words(option, options) for option in question.options),
    )


def _option_with_words(option: Option, options: Mapping[str, Text]) -> Option:
    return replace(option, label=options.get(str(option.code)) or option.label)
