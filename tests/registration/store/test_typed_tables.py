"""The answers that count stand in typed columns beside the documents, and nowhere is a person in them."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from services.registration.store.tables import TYPED, Base
from services.registration.store.typed_tables import add_typed_tables
from shared.forms.catalogue import load_registry
from tests.registration.usecases.desk import LINE, OLA
from tests.registration.usecases.written import CONTEXT, SMERTEREG, Written, filled
from tests.shared.forms.copies import copied, question_of, with_every_kind, with_next_version


@pytest.fixture
def world(make_database):
    return Written(make_database(Base.metadata))


def plain(row):
    """A row without what is not an answer; days as documents write them."""
    answers = {name: value for name, value in row.items() if name not in {"course_id", "definition_version"}}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in answers.items()}


@pytest.mark.req("REG-11", "REG-30")
@pytest.mark.parametrize("form", SMERTEREG.form_keys)
def test_every_answer_of_a_form_is_in_its_column(world, form):
    course_id, compiled = world.open(), SMERTEREG.form(form)
    for number in range(12):
        document = filled(form, number)
        world.write(course_id, form, document)
        expected = compiled.typed_row(document, CONTEXT)
        expected.pop("birth_date", None)
        (row,) = world.typed(form)
        of_older_versions = set(plain(row)) - set(expected)
        assert plain(row) == {**dict.fromkeys(of_older_versions), **expected}
        assert of_older_versions <= {"sufficient"}


@pytest.mark.req("REG-09", "REG-30")
def test_rows_have_a_table_of_their_own_and_follow_the_last_document(world):
    course_id = world.open()
    for number in range(12):
        document = filled("b11", number)
        world.write(course_id, "b11", document)
        expected = SMERTEREG.form("b11").child_rows(document, CONTEXT)["pain_diagnoses"]
        found = sorted(world.typed("b11", "pain_diagnoses"), key=lambda row: row["position"])
        assert [plain(row) for row in found] == expected


@pytest.mark.req("GEN-04")
def test_no_typed_column_tells_who_somebody_is():
    columns = [column for typed in TYPED.values() for table in typed.tables() for column in table.columns]

    assert {column.info["privacy"] for column in columns} == {"none", "health", "free_text"}
    assert not [str(column) for column in columns if column.name in {"birth_date", "phone", "email"}]
    assert TYPED["smertereg", "b11"].table.c.maindiag.info["privacy"] == "free_text"


@pytest.mark.req("GEN-04")
def test_the_birth_date_gets_no_further_than_the_age(world):
    course_id = world.open()
    world.write(course_id, "po", filled("po"))
    world.write(course_id, "to", filled("to"))

    assert "1969" not in str(world.all_typed())
    assert world.typed("to")[0]["age"] == 57


@pytest.mark.req("RES-05", "REG-21")
def test_a_course_that_is_erased_takes_its_typed_rows_along(world):
    gone, kept = world.open(), world.open(OLA)
    world.write_all(gone)
    world.write_all(kept)
    with world.uow() as store:
        store.remove_course(gone)

    rows = [row for found in world.all_typed().values() for row in found]
    assert {row["course_id"] for row in rows} == {kept}


@pytest.mark.req("BUS-01")
def test_a_save_that_is_rolled_back_leaves_no_typed_row(world):
    course_id, document = world.open(LINE), filled("to")
    world.write(course_id, "to", {**document, "values": {**document["values"], "supervision": 2}})
    with pytest.raises(ZeroDivisionError), world.uow() as store:
        row = store.form(course_id, "to")
        row.document = document
        store.write_typed("smertereg", row)
        raise ZeroDivisionError

    assert world.typed("to")[0]["supervision"] == 2


def made_of(registry):
    """The typed tables of one registry."""
    metadata = MetaData()
    Table("course", metadata, Column("course_id", Integer, primary_key=True))
    return add_typed_tables(metadata, [registry])


@pytest.mark.req("GEN-01", "REG-36")
def test_a_table_has_the_columns_of_every_version(tmp_path):
    def add(body):
        new = {"key": "height", "type": "decimal", "label": {"nb": "Høyde"}, "field": "HEIGHT", "name": "Hoyde"}
        body["sections"][0]["questions"].append(new)

    folder = copied(tmp_path)
    with_next_version(folder, "to", add)
    before, after = made_of(SMERTEREG), made_of(load_registry(folder))
    columns = [{column.name for column in made["smertereg", "to"].table.columns} for made in (before, after)]

    assert columns[1] - columns[0] == {"height"}
    assert columns[0] < columns[1]


@pytest.mark.req("REG-36")
def test_a_column_that_changes_its_kind_is_refused(tmp_path):
    def change(body):
        old = question_of(body, "function_level")
        new = {"key": "function_said", "type": "text", "max_length": 9}
        old.update(new, **{name: old[name] for name in ("label", "field", "name")})
        for name in set(old) - {*new, "label", "field", "name"}:
            del old[name]

    folder = copied(tmp_path)
    with_next_version(folder, "b12", change, dropped=["function_level"])
    with pytest.raises(ValueError, match="patient_functionlevel holds integer in one version and text in another"):
        made_of(load_registry(folder))


@pytest.mark.req("GEN-01")
def test_a_form_of_any_kind_has_its_tables():
    made = made_of(with_every_kind())["smertereg", "every_kind"]

    assert len(made.table.columns) > 2
    assert made.rows
