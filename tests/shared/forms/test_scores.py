"""Scores of instruments: worked out by hand, and against the slow way."""

from __future__ import annotations

import csv
from datetime import date
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from shared.forms.catalogue import load_registry, registry
from shared.forms.errors import DefinitionError
from shared.forms.scores import prorated_sum, sum_of_points
from tests.shared.forms.copies import copied, question_of

pytestmark = pytest.mark.req("EPR-13")
HADS = registry("smertereg").form("hads")
CONTEXT = {"today": date(2026, 11, 22)}
POINT = st.none() | st.integers(-1, 9) | st.sampled_from(["unknown", True, 1.0])


def vectors():
    lines = (Path(__file__).parent / "hads_scores.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines[1:], delimiter=";"))


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector["why"])
def test_hads_has_the_scores_that_were_worked_out_by_hand(vector):
    items = {key: int(code) for key, code in vector.items() if key.startswith("item_") and code != "-"}
    form, document = HADS, HADS.read_values({"complete": 1, **items}, HADS.new()).document
    found = form.calculate(document, CONTEXT)
    wanted = {f"{name}_score": int(vector[name]) for name in ("anxiety", "depression") if vector[name] != "-"}
    assert found == wanted
    row = form.typed_row(document, CONTEXT)
    assert row["anxietyscore"] == wanted.get("anxiety_score")
    assert row["depressionscore"] == wanted.get("depression_score")


def test_a_form_that_was_not_filled_in_has_no_scores():
    answers = {"complete": 0, **{f"item_{number}": 1 for number in range(1, 15)}}
    assert HADS.calculate(HADS.read_values(answers, HADS.new()).document, CONTEXT) == {}


def test_each_item_counts_in_one_subscale():
    used = [HADS.questions[f"{name}_score"].calculate.arguments["items"] for name in ("anxiety", "depression")]
    assert sorted(used[0] + used[1]) == sorted(f"item_{number}" for number in range(1, 15))


def test_an_older_version_keeps_its_own_rule():
    before = registry("smertereg").form("hads", 2)
    answers = {"complete": 1, **{f"item_{number}": 1 for number in range(2, 15)}}
    document = before.read_values(answers, before.new()).document
    assert before.calculate(document, CONTEXT) == {"depression_score": 7}


@given(st.lists(POINT, min_size=1, max_size=14), st.integers(0, 4), st.integers(0, 14))
def test_a_prorated_sum_is_the_slow_one(items, highest, most_missing):
    answered = [item for item in items if type(item) is int and item in range(highest + 1)]
    missing = [item for item in items if item not in answered or type(item) is not int]
    wanted = None
    if answered and len(missing) <= most_missing:
        mean = Fraction(sum(answered), len(answered))
        wanted = floor(sum([*answered, *(mean for _ in missing)], Fraction(1, 2)))
    assert prorated_sum(items, highest, most_missing) == wanted


@pytest.mark.parametrize(
    ("items", "total"),
    [(["none", 1], 2.5), ([1, 2], 3), (["none", None], None), ([None, None], None), ([2, 7], None), (["1", 1], None)],
)
def test_points_are_added_when_every_item_gives_some(items, total):
    points = [{"none": 0, 1: 1.0, 2: 2}, {1: 2.5, 2: 2}]
    assert sum_of_points(items, points) == total


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"highest": "three"}, "is not what the function takes: 'three'"),
        ({"most_missing": -1}, "is not what the function takes: -1"),
        ({"most_missing": True}, "is not what the function takes: True"),
        ({"items": ["item_99"]}, "names an unknown question: 'item_99'"),
        ({"more": 1}, "needs the arguments items, highest, most_missing"),
    ],
)
def test_a_rule_that_is_wrongly_written_is_refused(tmp_path, change, told):
    assert told in refusal(tmp_path, lambda made: made["arguments"].update(change))


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ([{1: 1}], "needs as many points as items"),
        ({1: 1}, "is not what the function takes"),
        ([{1: 1}, {1: "x"}], "is not what the function takes"),
    ],
)
def test_points_that_are_wrongly_written_are_refused(tmp_path, points, told):
    arguments = {"items": ["item_1", "item_2"], "points": points}
    assert told in refusal(tmp_path, lambda made: made.update(function="sum_of_points", arguments=arguments))


def refusal(place, change):
    """What is said of HADS when its score is made in another way."""
    folder = copied(place)
    (folder / "published.json").unlink()
    file = folder / "forms/hads/v3.yaml"
    body = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(question_of(body, "anxiety_score")["calculate"])
    file.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_registry(folder)
    return str(caught.value)
