"""Twenty-seven preparations, a factor each, and where it comes from."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.registries.definitions import read_csv

ROWS = {row["key"]: row for row in read_csv("opioids/v1.csv")}
NATIONAL = {
    "morphine_pills": "1",
    "morphine_release_pills": "1",
    "oxycodone_capsules": "1.5",
    "oxycodone_release_pills": "1.5",
    "buprenorphine_pills": "48",
    "fentanyl_pills_spray": "250",
    "hydromorphone_capsules": "5",
    "hydromorphone_release_capsules": "5",
    "ketobemidone_pills": "1",
    "pethidine_suppositories": "0.1",
    "codeine_pills": "0.1",
    "tramadol_capsules": "0.15",
    "tramadol_release_pills": "0.15",
    "tapentadol_release_pills": "0.2",
    "tapentadol_pills": "0.2",
}


def _steps(row: dict[str, str]) -> list[tuple[Decimal, Decimal]]:
    pairs = [step.split(":") for step in row["steps"].split("|")]
    return [(Decimal(start), Decimal(factor)) for start, factor in pairs]


def _omeq(key: str, dose: str) -> Decimal:
    row, amount = ROWS[key], Decimal(dose)
    if row["factor"]:
        return amount * Decimal(row["factor"])
    return amount * [factor for start, factor in _steps(row) if start <= amount][-1]


@pytest.mark.req("REG-15")
def test_there_are_27_preparations_with_one_column_stem_each():
    assert len(ROWS) == 27
    assert len({row["field"] for row in ROWS.values()}) == 27
    assert len({row["name"] for row in ROWS.values()}) == 27


@pytest.mark.req("REG-15")
@pytest.mark.parametrize(("key", "factor"), NATIONAL.items())
def test_the_national_table_decides_where_it_speaks(key, factor):
    assert ROWS[key]["factor"] == factor
    assert ROWS[key]["status"] == "given"


@pytest.mark.req("REG-15")
@pytest.mark.parametrize(("key", "ratio"), [("fentanyl_patch", "100"), ("buprenorphine_patch", "92.5")])
def test_patches_are_counted_from_micrograms_an_hour(key, ratio):
    milligrams_a_day = Decimal(24) / 1000

    assert ROWS[key]["unit"] == "µg/t"
    assert Decimal(ROWS[key]["factor"]) == Decimal(ratio) * milligrams_a_day


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_each_factor_says_where_it_is_from_and_how_sure_it_is(row):
    assert bool(row["factor"]) != bool(row["steps"])
    assert row["source"]
    assert row["valid_from"] == "2025-11-04"
    assert row["status"] in {"given", "derived", "doubtful"}
    assert row["note"] or row["status"] == "given"


@pytest.mark.parametrize("key", [key for key, row in ROWS.items() if row["steps"]])
def test_more_of_a_drug_never_counts_as_less_morphine(key):
    doses = [str(Decimal(n) / 10) for n in range(2000)]

    counted = [_omeq(key, dose) for dose in doses]

    assert counted == sorted(counted)


@pytest.mark.req("REG-15")
@pytest.mark.parametrize(
    ("dose", "low", "high"),
    [
        ("10", 30, 90),
        ("17.9", 30, 90),
        ("20", 90, 300),
        ("49", 90, 300),
        ("60", 300, 600),
        ("80", 600, 900),
        ("100", 1000, 9999),
    ],
)
def test_methadone_lands_in_the_step_of_morphine_that_its_ratio_belongs_to(dose, low, high):
    assert low <= _omeq("methadone_potion", dose) <= high


def test_methadone_into_a_vein_counts_as_twice_as_much_by_mouth():
    for dose in ("5", "8.9", "9", "24.9", "30", "40", "60"):
        assert _omeq("methadone_intravenous", dose) == _omeq("methadone_potion", str(Decimal(dose) * 2))


@pytest.mark.req("REG-15")
@pytest.mark.parametrize(("monthly", "daily"), [("64", "9"), ("96", "14"), ("128", "20")])
def test_buvidal_counts_as_the_daily_dose_under_the_tongue_that_the_manual_names(monthly, daily):
    assert _omeq("buvidal_monthly", monthly) == _omeq("buprenorphine_pills", daily)
