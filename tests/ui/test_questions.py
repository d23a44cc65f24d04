"""Questions of the simple types: what they send, what they say, and how they name their faults."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.testing.html import find, form_values, words
from tests.ui.form_pages import POST_TO, answered_questions, draw, faulty, page_of, simple_questions

pytestmark = [pytest.mark.req("REG-12"), pytest.mark.req("REG-16"), pytest.mark.req("OPS-07")]
TYPES = sorted(simple_questions())
WRITTEN = ("boolean", "select", "integer", "decimal", "date", "text", "area")


def controls(tree):
    return [node for node in tree.iter() if node.tag in {"input", "select", "textarea"}]


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_unanswered_question_sends_nothing_and_shows_its_label(name, language):
    q = simple_questions()[name]
    tree = draw("question", q, language=language)
    assert q.label in words(tree)
    assert not [value for values in form_values(tree).values() for value in values if value]
    assert find(tree, id=f"q-{q.path}").get("class") == "question"
    assert find(tree, id=q.path) is not None
    assert not tree.findall(".//*[@aria-invalid]")


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("boolean", ["true"]),
        ("choice", ["2"]),
        ("select", ["3"]),
        ("choices", ["1", "2"]),
        ("integer", ["178"]),
        ("decimal", ["82,5"]),
        ("nrs", ["4"]),
        ("date", ["17.05.2026"]),
        ("text", ["Lærer"]),
        ("area", ["Sov <godt>"]),
    ],
)
def test_answered_question_sends_its_answer_under_its_path(name, sent):
    q = answered_questions()[name]
    assert form_values(draw("question", q))[q.path] == sent


@pytest.mark.parametrize("name", [name for name in TYPES if name != "computed"])
def test_error_stands_by_its_question_and_is_named_by_its_controls(name):
    q = faulty(simple_questions())[name]
    tree = draw("question", q)
    assert words(find(tree, id=f"{q.path}-error")) == "Svar på spørsmålet."
    named = [node for node in tree.iter() if f"{q.path}-error" in (node.get("aria-describedby") or "").split()]
    assert [node.tag for node in named] == [find(tree, id=q.path).tag if name in WRITTEN else "fieldset"]
    own = [node for node in controls(tree) if node.get("name") == q.path]
    assert {node.get("aria-invalid") for node in own} == {"true"}


@pytest.mark.parametrize("name", TYPES)
def test_all_that_describes_a_question_is_on_the_page(name):
    q = replace(faulty(simple_questions())[name], warning="Er du sikker?", confirm_value="x=1", hint="Et hint")
    tree = draw("question", q)
    ids = {node.get("id") for node in tree.iter()}
    for node in tree.iter():
        assert set((node.get("aria-describedby") or "").split()) <= ids
        assert node.get("for", q.path) in ids


@pytest.mark.parametrize("name", TYPES)
def test_required_question_says_so(name):
    assert "må fylles ut" in words(draw("question", replace(simple_questions()[name], is_required=True)))


@pytest.mark.parametrize("name", TYPES)
def test_answer_of_the_system_is_shown_and_not_sent(name):
    tree = draw("question", replace(answered_questions()[name], is_filled=True, drives=True), POST_TO)
    assert "fylt ut av systemet" in words(tree)
    assert not controls(tree)
    assert tree.find(".//dd") is not None


def test_warning_asks_for_a_tick():
    q = replace(answered_questions()["integer"], warning="Er 178 riktig?", confirm_value="height=178")
    assert "_confirmed" not in form_values(draw("question", q))
    assert form_values(draw("question", replace(q, is_confirmed=True)))["_confirmed"] == ["height=178"]


def test_number_of_a_known_range_can_be_unknown():
    q = replace(simple_questions()["integer"], is_unknown=True)
    tree = draw("question", q)
    assert form_values(tree)["height.unknown"] == ["true"]
    assert find(tree, name="height").get("inputmode") == "numeric"
    assert {"120–230", "cm", "Ukjent høyde"} <= {word.strip() for word in tree.itertext()}


def test_help_opens_behind_a_question_mark():
    tree = draw("question", replace(simple_questions()["nrs"], help="0 er ingen smerte."))
    details = tree.find(".//details")
    assert "0 er ingen smerte." in words(details)
    assert details.find("summary").get("aria-label") == "Hjelp til «Smerte siste uke»"


def test_exclusive_option_locks_the_others_after_a_line():
    made = simple_questions()["choices"]
    locked = tuple(replace(o, is_locked=not o.is_exclusive, is_chosen=o.is_exclusive) for o in made.options)
    tree = draw("question", replace(made, options=locked), POST_TO)
    assert [node.get("disabled") is not None for node in controls(tree)] == [True] * 4 + [False]
    assert len(list(tree.iter("hr"))) == 1
    assert find(tree, id="q-illnesses").get("hx-post") == POST_TO


def test_list_without_options_still_has_a_control():
    tree = draw("question", replace(simple_questions()["choice"], options=()))
    assert find(tree, id="referrer").tag == "select"


def test_question_that_drives_others_sends_the_form_on_change():
    q = simple_questions()["choice"]
    card = find(draw("question", replace(q, drives=True), POST_TO), id="q-referrer")
    assert {name: card.get(name) for name in card.keys() if name.startswith("hx-")} == {  # noqa: SIM118  no mapping
        "hx-post": POST_TO,
        "hx-vals": '{"_draw": "1", "_search": ""}',
        "hx-trigger": "change",
        "hx-target": "#form-body",
        "hx-swap": "innerMorph",
        "hx-include": "closest form",
        "hx-sync": "closest form:queue all",
    }
    assert find(draw("question", q, POST_TO), id="q-referrer").get("hx-post") is None


@pytest.mark.parametrize("name", TYPES)
def test_read_only_question_shows_its_answer_without_controls(name):
    q = answered_questions()[name]
    tree = draw("question", q, POST_TO, True)
    assert not controls(tree)
    shown = {"boolean": "Ja", "choice": "Sykehusavdeling", "choices": "Hjerte- og karsykdom, Diabetes", "nrs": "4"}
    written = {"select": "Sykehus nummer 3", "integer": "178 cm", "decimal": "82,5 kg", "computed": "26,0 kg/m²"}
    assert words(tree.find(".//dd")) == {**shown, **written}.get(name, q.value)
    empty = words(draw("question", simple_questions()[name], "", True).find(".//dd"))
    assert empty == ("Nei" if name == "boolean" else "Ikke besvart")


def test_form_names_what_it_showed_and_links_to_every_fault():
    faults = list(faulty(simple_questions(), "Feil <her>").values())
    tree = draw("form_body", page_of(faults, problems=faults), POST_TO)
    assert form_values(tree)["_shown"] == [q.path for q in faults]
    summary = find(tree, id="form-problems")
    assert "Du må rette 11 feil" in words(summary)
    assert "Høyde: Feil <her>" in words(summary)
    ids = {node.get("id") for node in tree.iter()}
    assert all(link.get("href")[1:] in ids for link in summary.iter("a"))


@pytest.mark.req("REG-06")
def test_form_does_not_claim_to_have_asked_what_the_system_answers():
    height, weight = (replace(simple_questions()[name], is_filled=name == "integer") for name in ("integer", "decimal"))
    assert form_values(draw("form_body", page_of([height, weight]), POST_TO))["_shown"] == ["weight"]


def test_summary_takes_the_focus_of_a_new_page_only():
    faults = list(faulty(simple_questions()).values())
    page = page_of(faults, problems=faults)
    assert find(draw("form_body", page, POST_TO), id="form-problems").get("autofocus") is not None
    assert find(draw("form_body", page, POST_TO, is_htmx=True), id="form-problems").get("autofocus") is None


def test_read_only_form_sends_nothing():
    page = page_of(answered_questions().values(), is_read_only=True)
    assert not controls(draw("form_body", page, POST_TO))
