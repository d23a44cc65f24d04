"""What the log tells of one person: only that, and without a walk through the whole log."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from shared.audit.history import changes_of, changes_query
from shared.audit.log import Access
from tests.shared.outbox.kit import KIT, METADATA, make_uow

FILL = """INSERT INTO audit_log
(sequence, kind, at, actor, role, pid, action, object, reason, correlation_id, change, hash)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
SELECT n, CASE n % 3 WHEN 0 THEN 'access' ELSE 'change' END, {moment}, 'user:1', 'LU', n % 5000, 'write',
'form:' || (n % 5000) || '/to', 'care', 'c' || n, {change}, '' FROM numbers"""
LITERALS = {
    "sqlite": {"moment": "'2026-11-21 12:00:00'", "change": "'[]'"},
    "postgresql": {"moment": "now()", "change": "CAST('[]' AS jsonb)"},
}
EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
pytestmark = pytest.mark.req("REG-33")


@pytest.fixture
def database(make_database):
    return make_database(METADATA)


def entry(pid, thing, **change):
    facts = {"actor": "user:1", "role": "LU", "organisation": 1, "registry": "smertereg", "reason": "care"}
    return Access(**facts, pid=pid, action="write", object=thing, change=change or None)


def test_only_the_changes_to_these_things_of_this_person_are_told_in_their_order(database):
    with make_uow(database)() as store:
        store.log_access(entry(1, "form:12/to", a=[1, 2]), entry(2, "form:12/to", a=[4, 5]), entry(1, "form:12/to"))
        store.log_access(entry(1, "form:123/to", a=[3, 4]), entry(1, "form:12/b11", a=[2, 3]))
    with database.reading() as session:
        found = changes_of(session, KIT.audit, 1, "form:12/")
    told = [(one.object, one.change) for one in found]
    assert told == [("form:12/to", {"a": [1, 2]}), ("form:12/to", {}), ("form:12/b11", {"a": [2, 3]})]


def test_a_log_of_a_hundred_thousand_entries_is_not_walked(database):
    dialect = database.engine.dialect.name
    with database.transaction() as session:
        session.execute(text(FILL.format(**LITERALS[dialect])))
        session.execute(text("ANALYZE audit_log"))
    asked = changes_query(KIT.audit).params(pid=77, beginning="form:77/")
    plain = asked.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.reading() as session:
        assert len(changes_of(session, KIT.audit, 77, "form:77/")) == 20
        plan = " ".join(str(row) for row in session.execute(text(f"{EXPLAIN[dialect]} {plain}".replace(":", r"\:"))))
    assert "ix_audit_log_pid" in plan
    assert "Seq Scan" not in plan
    assert "SCAN audit_log" not in plan
