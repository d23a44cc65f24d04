"""Reads one version of a form."""

from __future__ import annotations

from pathlib import Path

from shared.forms.definition import Audience, FormDefinition, Section
from shared.forms.licence import SAMPLE, Licence
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
        licence=_licence(node),
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
    if licence.wording != SAMPLE or Path(licence.text_file).name != licence.text_file:
        inner.flaw("", "ships with wording: sample, and names a file without folders")
    inner.close()
    return licence
