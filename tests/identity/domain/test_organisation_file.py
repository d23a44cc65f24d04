"""The organisation tree as a file."""

from __future__ import annotations

import pytest

from services.identity.domain.organisation import Tree, Unit, UnitKind
from services.identity.domain.organisation_file import COLUMNS, fitting_faults, read_file, tree_after, write_file

HEADER = ";".join(COLUMNS)
REGISTRIES = ("smertereg", "norpain")
TREE = Tree(
    [
        Unit(resh=1, kind=UnitKind.REGION, name="Helse Vest"),
        Unit(resh=10, kind=UnitKind.ORGANISATION, name="Vestsykehuset; HF", parent=1),
        Unit(resh=20, kind=UnitKind.ORGANISATION, name="Nedlagt", parent=1, is_active=False),
        Unit(resh=100, kind=UnitKind.CLINIC, name="Kirurgi «A»", parent=10),
    ]
)
MEMBERS = {"smertereg": [10], "norpain": [10, 20]}


def read(*lines):
    return read_file("\r\n".join([HEADER, *lines]).encode(), REGISTRIES)


def faults(*lines, own="smertereg"):
    rows, found = read(*lines)
    return [(fault.line, fault.code) for fault in found or fitting_faults(rows, TREE, own, MEMBERS)]


@pytest.mark.req("IDN-12")
def test_what_is_written_is_read_again():
    text = write_file(TREE, MEMBERS)

    rows, found = read_file(text.encode("utf-8-sig"), REGISTRIES)

    assert found == []
    assert [row.unit for row in rows] == list(TREE)
    assert [row.registries for row in rows] == [set(), {"smertereg", "norpain"}, {"norpain"}, set()]
    assert fitting_faults(rows, TREE, "smertereg", MEMBERS) == []


@pytest.mark.req("IDN-12")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("30;organisation;Ny;1;", "row_has_wrong_columns"),
        ("30;hospital;Ny;1;;1", "unit_kind_unknown"),
        ("30;organisation;Ny;1;;ja", "unit_active_unknown"),
        ("30;organisation;=1+1;1;;1", "unit_name_is_formula"),
        ("30;organisation;;1;;1", "unit_name_missing"),
        ("30;organisation;Ny;1;nothere;1", "registry_unknown"),
        ("x;organisation;Ny;1;;1", "unit_id_out_of_range"),
        ("²;organisation;Ny;1;;1", "unit_id_out_of_range"),
        ("99999999999;organisation;Ny;1;;1", "unit_id_out_of_range"),
        ("0;organisation;Ny;1;;1", "unit_id_out_of_range"),
        ("30;organisation;Ny;999;;1", "unit_under_wrong_parent"),
        ("30;clinic;Ny;1;;1", "unit_under_wrong_parent"),
        ("30;organisation;Ny;;;1", "unit_under_wrong_parent"),
        ("30;clinic;Ny;20;;1", "unit_under_inactive"),
        ("100;organisation;Kirurgi;1;;1", "unit_kind_changed"),
        ("100;clinic;Kirurgi;10;smertereg;1", "participant_is_no_organisation"),
        ("10;organisation;Vestsykehuset;1;smertereg;1", "participation_not_yours"),
        ("1;region;Helse Vest;;;1", "unit_stands_twice"),
    ],
)
def test_each_fault_is_told_with_its_line(line, code):
    assert (3, code) in faults("1;region;Helse Vest;;;1", line)


@pytest.mark.req("IDN-12")
def test_all_faults_are_told_at_once():
    assert faults("x;region;A;;;1", "", "2;planet;B;;;1", "3;region;C;;;1;1") == [
        (2, "unit_id_out_of_range"),
        (4, "unit_kind_unknown"),
        (5, "row_has_wrong_columns"),
    ]


@pytest.mark.req("IDN-12")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_header_unknown"),
        (b"resh;kind\r\n", "file_header_unknown"),
        ("æ".encode("latin-1"), "file_unreadable"),
        (f'{HEADER}\r\n1;region;"A;;;1'.encode(), "file_unreadable"),
    ],
)
def test_what_is_no_such_file_is_refused(content, code):
    rows, found = read_file(content, REGISTRIES)

    assert (rows, [(fault.line, fault.code) for fault in found]) == ([], [(1, code)])


@pytest.mark.req("IDN-12")
def test_a_unit_left_out_stays_and_is_inactive():
    after = tree_after([Unit(resh=1, kind=UnitKind.REGION, name="Helse Vest")], TREE)

    assert {unit.resh: unit.is_active for unit in after} == {1: True, 10: False, 20: False, 100: False}
