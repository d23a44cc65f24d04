"""The database holds nothing about patients, and what identifies staff only sealed."""

from __future__ import annotations

import pytest

from services.identity.store.tables import Base


@pytest.mark.req("GEN-04")
def test_no_own_table_knows_a_patient():
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]

    assert not [str(column) for column in columns if column.info["privacy"] in {"number", "health"} - audit(column)]
    assert {str(column) for column in columns if "pid" in column.name.split("_")} == {"audit_log.pid"}


def audit(column):
    # The kit's log has room for health data in services that have any.
    return {"health"} if column.table.name == "audit_log" else set()


@pytest.mark.req("GEN-04")
def test_what_identifies_staff_is_sealed():
    columns = [column for table in Base.metadata.tables.values() for column in table.columns]
    plain = [c for c in columns if c.info["privacy"] in {"name", "contact"} and not str(c.type).startswith("BLOB")]

    assert not [str(column) for column in plain]
