"""The tables made from form definitions stand beside those of the migrations, and neither is in the other's way."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect

from deploy.migrate import migrations, upgrade
from services.registration.store.tables import Base
from shared.db.engine import make_engine


@pytest.mark.req("OPS-05", "GEN-01")
def test_an_upgrade_makes_the_tables_of_the_forms_too_and_migrations_pass_them_over(database_url):
    upgrade("registration", database_url)
    work = migrations("registration", database_url)
    work.check()
    engine = make_engine(database_url)
    assert set(inspect(engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()
    upgrade("registration", database_url)
    work.check()
