"""Typed tables are made, widened and filled again from definitions and documents."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from services.registration.store.tables import TYPED, Base
from services.registration.usecases.make_typed_tables import make_typed_tables
from tests.registration.usecases.desk import OLA
from tests.registration.usecases.written import Written


@pytest.fixture
def world(make_database):
    """Two courses with all forms, and tables that are up to date."""
    world = Written(make_database(Base.metadata))
    make_typed_tables(world.uow)
    world.write_all(world.open(), 1)
    world.write_all(world.open(OLA), 2)
    return world


def change(world, *statements):
    """Bring the tables to where an earlier version of the suite left them."""
    with world.database.transaction() as session:
        for statement in statements:
            session.execute(text(statement))
        session.execute(text("UPDATE x_made SET definitions = 'earlier'"))


def tables(world):
    return {name for name in inspect(world.database.engine).get_table_names() if name.startswith("x_")}


@pytest.mark.req("GEN-01", "OPS-05")
def test_a_database_without_them_gets_all_of_them_filled(world):
    before, names = world.all_typed(), tables(world)
    change(world, *(f"DROP TABLE {name}" for name in names - {"x_made"}))

    assert make_typed_tables(world.uow) == 2
    assert tables(world) == names
    assert world.all_typed() == before


@pytest.mark.req("OPS-05")
def test_what_is_up_to_date_is_left_alone(world):
    assert make_typed_tables(world.uow) == 0


@pytest.mark.req("REG-36", "OPS-05")
def test_a_new_column_is_added_and_nothing_is_read_again(world):
    change(world, "ALTER TABLE x_smertereg_to DROP COLUMN age")

    assert make_typed_tables(world.uow) == 0
    assert {row["age"] for row in world.typed("to")} == {None}


@pytest.mark.req("OPS-05")
def test_a_column_of_another_type_has_its_table_made_and_filled_again(world):
    before = world.all_typed()
    change(
        world,
        "ALTER TABLE x_smertereg_to DROP COLUMN age",
        "ALTER TABLE x_smertereg_to ADD COLUMN age TEXT",
        "UPDATE x_smertereg_to SET age = 'old'",
    )

    assert make_typed_tables(world.uow) == 2
    assert world.all_typed() == before


@pytest.mark.req("GEN-04")
def test_tables_that_no_definition_knows_are_dropped(world):
    change(world, "CREATE TABLE x_smertereg_gone (course_id INTEGER)")
    make_typed_tables(world.uow)

    assert "x_smertereg_gone" not in tables(world)


@pytest.mark.req("OPS-05")
def test_they_are_read_anew_whenever_somebody_likes(world):
    before = world.all_typed()
    with world.database.transaction() as session:
        session.execute(text("UPDATE x_smertereg_to SET age = 1"))
        session.execute(text("DELETE FROM x_smertereg_b22"))

    assert make_typed_tables(world.uow, anew=True) == 2
    assert world.all_typed() == before


@pytest.mark.req("REG-11", "REG-30")
def test_a_save_writes_what_reading_its_document_again_writes(world):
    course_id = world.open()
    for number in (3, 4):
        world.save_all(course_id, number)
    before = world.all_typed()

    assert make_typed_tables(world.uow, anew=True) == 3
    assert world.all_typed() == before


@pytest.mark.req("BUS-01")
def test_filling_that_was_cut_off_begins_again(world):
    before = world.all_typed()
    change(world, "DELETE FROM x_smertereg_b11", "DELETE FROM x_made")

    assert make_typed_tables(world.uow) == 2
    assert world.all_typed() == before


@pytest.mark.req("GEN-01")
def test_every_form_of_every_registry_has_its_table(world):
    assert {f"x_{registry}_{form}" for registry, form in TYPED} <= tables(world)
