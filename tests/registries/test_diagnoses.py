"""Pain diagnoses of form B1.1: what each category opens, as the register's manual tells it."""

from __future__ import annotations

import pytest

from shared.forms.catalogue import registry
from tests.registries.definitions import codes_of

pytestmark = [pytest.mark.req("REG-14"), pytest.mark.req("REG-11")]
FORM = registry("smertereg").form("b11")
ROWS = FORM.questions["pain_diagnoses"]
ASKED = {question.key: question for question in ROWS.questions}
ACUTE, LASTING, PALLIATIVE, OTHER = 1, 2, 3, 4
ALWAYS = {"pain_category", "main_diagnosis"}
# The letters of the lists in the manual: what opens each, and the question that picks from it.
LISTS = {
    "a": ({"lasting_category": 1, "primary_subcategory": "a"}, "code_widespread"),
    "b": ({"lasting_category": 1, "primary_subcategory": "b"}, "code_localised"),
    "c": ({"lasting_category": 1, "primary_subcategory": "c"}, "code_visceral"),
    "d": ({"lasting_category": 2}, "code_cancer"),
    "e": ({"lasting_category": 3}, "code_post_surgical_traumatic"),
    "f": ({"lasting_category": 4, "neuropathic_subcategory": "f"}, "code_peripheral_neuropathic"),
    "g": ({"lasting_category": 4, "neuropathic_subcategory": "g"}, "code_central_neuropathic"),
    "h": ({"lasting_category": 4, "neuropathic_subcategory": "h"}, "code_other_neuropathic"),
    "i": ({"lasting_category": 5, "head_subcategory": "i"}, "code_primary_headache"),
    "j": ({"lasting_category": 5, "head_subcategory": "j"}, "code_secondary_headache"),
    "k": ({"lasting_category": 5, "head_subcategory": "k"}, "code_orofacial"),
    "l": ({"lasting_category": 6}, "code_secondary_visceral"),
    "m": ({"lasting_category": 7, "musculoskeletal_subcategory": "m"}, "code_inflammation"),
    "n": ({"lasting_category": 7, "musculoskeletal_subcategory": "n"}, "code_structural"),
    "o": ({"lasting_category": 7, "musculoskeletal_subcategory": "o"}, "code_other_musculoskeletal"),
}


def document(*rows):
    given = [{"id": f"r{number}", **row} for number, row in enumerate(rows)]
    draft = FORM.read_values({"pain_diagnoses": given}, FORM.new())
    assert draft.problems == ()
    return draft.document


def opened(**row):
    """The questions that a row shows beside category and main diagnosis."""
    shown = (path.split(".") for path in FORM.visible(document(row), {}))
    return {key for _, _, key in (path for path in shown if len(path) == 3) if not ASKED[key].is_hidden} - ALWAYS


def missing(*rows):
    found = FORM.complete(document(*rows), {})
    return [problem.path.split(".")[2] for problem in found if problem.path.startswith("pain_diagnoses.")]


def codes(key):
    return [option.code for option in ASKED[key].options]


def test_an_operation_is_told_by_its_code():
    assert opened(pain_category=ACUTE, acute_category=1) == {"acute_category", "procedure_code"}
    assert ASKED["procedure_code"].coding.key == "ncsp"


@pytest.mark.parametrize(("category", "more"), [(2, set()), (3, {"code_acute"})])
def test_injury_and_disease_are_told_by_where_it_hurts(category, more):
    assert opened(pain_category=ACUTE, acute_category=category) == {"acute_category", "anatomical_region", *more}


@pytest.mark.parametrize(
    ("region", "part"),
    list(enumerate((None, None, "back_part", None, "abdomen_part", None, None, "arm_part", "leg_part"), 1)),
)
def test_four_regions_have_parts(region, part):
    shown = opened(pain_category=ACUTE, acute_category=2, anatomical_region=region)
    assert shown == {"acute_category", "anatomical_region", *([part] if part else [])}


def test_parts_of_limbs_have_a_side():
    for part in ("arm_part", "leg_part"):
        sides = [option.label["nb"].rsplit(" ", 1)[1] for option in ASKED[part].options]
        assert sides == ["høyre", "venstre"] * 6
    assert codes("leg_part") == [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14]


def test_other_acute_pain_asks_nothing_more():
    assert opened(pain_category=ACUTE, acute_category=9) == {"acute_category"}
    assert codes("acute_category") == [1, 2, 3, 9]


@pytest.mark.parametrize("letter", sorted(LISTS))
def test_each_category_of_lasting_pain_leads_to_its_list(letter):
    answers, question = LISTS[letter]
    assert opened(pain_category=LASTING, **answers) == {*answers, question}


@pytest.mark.parametrize("letter", sorted(set(LISTS) - {"d"}))
def test_pick_lists_are_those_of_the_register_and_know_their_code_system(letter):
    question = ASKED[LISTS[letter][1]]
    assert question.codelist.startswith(f"diagnosis_{letter}_")
    assert codes(question.key) == codes_of(question.codelist)
    assert question.coding.key == "icd10"


@pytest.mark.parametrize(
    ("category", "question", "letters"),
    [
        (1, "primary_subcategory", "abc"),
        (4, "neuropathic_subcategory", "fgh"),
        (5, "head_subcategory", "ijk"),
        (7, "musculoskeletal_subcategory", "mno"),
    ],
)
def test_four_categories_have_subcategories(category, question, letters):
    assert opened(pain_category=LASTING, lasting_category=category) == {"lasting_category", question}
    assert codes(question) == list(letters)


def test_lasting_pain_has_seven_categories_and_may_stand_empty():
    assert codes("lasting_category") == [1, 2, 3, 4, 5, 6, 7]
    assert missing({"pain_category": LASTING, "main_diagnosis": 1}) == []
    assert missing({"pain_category": LASTING, "main_diagnosis": 1, "lasting_category": 1}) == []


def test_palliative_pain_is_cancer_with_a_code_or_stands_empty():
    assert opened(pain_category=PALLIATIVE) == {"palliative_category"}
    assert codes("palliative_category") == [2]
    assert opened(pain_category=PALLIATIVE, palliative_category=2) == {"palliative_category", "code_cancer"}
    assert missing({"pain_category": PALLIATIVE, "main_diagnosis": 0}) == []


def test_cancer_has_codes_that_begin_with_c():
    coding = ASKED["code_cancer"].coding
    assert len(coding) > 80
    assert {code[0] for code in coding.options} == {"C"}


def test_other_pain_asks_nothing_more():
    assert opened(pain_category=OTHER) == set()
    assert missing({"pain_category": OTHER, "main_diagnosis": 1}) == []


def test_category_and_main_diagnosis_must_be_answered_and_acute_pain_has_a_category():
    assert missing({}) == ["pain_category", "main_diagnosis"]
    assert missing({"pain_category": ACUTE, "main_diagnosis": 1}) == ["acute_category"]
    assert codes("main_diagnosis") == [0, 1]


def test_there_may_be_many_rows():
    rows = [{"pain_category": OTHER, "main_diagnosis": 0}] * 40
    assert len(FORM.child_rows(document(*rows), {})["pain_diagnoses"]) == 40


@pytest.mark.parametrize(("categories", "both"), [((1, 2), 1), ((1, 3), 0), ((2,), 0), ((2, 4, 1), 1)])
def test_the_page_says_nothing_of_acute_and_lasting_pain_which_the_register_gets(categories, both):
    given = document(*({"pain_category": category} for category in categories))
    assert FORM.typed_row(given, {})["akuttlangv"] == both
    assert FORM.questions["acute_and_lasting"].is_hidden


def test_the_register_gets_category_subcategory_code_text_and_version():
    row = {"pain_category": LASTING, **LISTS["f"][0], "code_peripheral_neuropathic": "G62.9", "main_diagnosis": 1}
    palliative = {"pain_category": PALLIATIVE, "palliative_category": 2, "code_cancer": "C61", "main_diagnosis": 0}
    made = FORM.child_rows(document(row, palliative), {})["pain_diagnoses"]
    names = ("paindiag_category", "paindiag_subcategory", "diagcode", "diagdescription", "diag_version")
    assert [tuple(one[name] for name in names) for one in made] == [
        (4, "f", "G62.9", "Polynevropati, uspesifisert", 2025),
        (2, None, "C61", "Kreft i blærehalskjertelen (prostatakreft)", 2025),
    ]
