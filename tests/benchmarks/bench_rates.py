"""B16: the response rates of a year in a registry of a million courses, counted by the database and by a loop."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from datetime import date

from sqlalchemy import select, text

from services.registration.queries.response_rates import Asked, response_rates
from services.registration.store.tables import CourseRow, PatientFormRow
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.benchmarks.harness import Figure, spread
from tests.benchmarks.many_courses import COURSES, fill
from tests.benchmarks.registration_site import open_site

YEAR = Asked(first=date(2025, 12, 1), last=date(2026, 11, 30))
BY = a_user(Role.SC, organisation=None)
_FORMS = """
INSERT INTO patient_form (course_id, form, order_id, state, reason, noted_on, sent_on, changed_at)
SELECT course_id, form, 'a', CASE n % 10 WHEN 0 THEN 'expired' WHEN 1 THEN 'stopped' WHEN 2 THEN 'sent' ELSE 'stored' END,
  CASE n % 10 WHEN 0 THEN 7 WHEN 1 THEN 3 + n % 2 END, started_on, CASE WHEN n % 10 <> 1 THEN started_on END, created_at
FROM (SELECT course_id, form, started_on, created_at, (course_id * 7919) % 1000 AS n
  FROM course CROSS JOIN (VALUES ('pasreg'), ('hads')) AS f (form)) AS made
"""


def ask(site):
    """Every patient form of every course, and what a year's count needs of the statistics."""
    with site.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(_FORMS))
        connection.execute(text("VACUUM ANALYZE patient_form"))


def counted(site):
    """Milliseconds of the real query, and how many forms it counted."""
    began = time.perf_counter()
    registry = site.means.registry("smertereg")
    found = response_rates(YEAR, by=BY, registry=registry, database=site.database)
    return (time.perf_counter() - began) * 1e3, sum(one.ordered for one in found)


def looped(site):
    """Milliseconds of the same count by the ORM and a loop."""
    began = time.perf_counter()
    counts = Counter()
    query = (
        select(PatientFormRow, CourseRow.organisation)
        .join(CourseRow, CourseRow.course_id == PatientFormRow.course_id)
        .where(CourseRow.registry_key == "smertereg", PatientFormRow.noted_on.between(YEAR.first, YEAR.last))
    )
    with site.database.reading() as session:
        for row, organisation in session.execute(query):
            month = row.noted_on.replace(day=1)
            counts[organisation, row.form, month, "ordered"] += 1
            counts[organisation, row.form, month, "sent"] += row.sent_on is not None
            counts[organisation, row.form, month, row.state, row.reason] += 1
    found = sum(count for key, count in counts.items() if key[-1] == "ordered")
    return (time.perf_counter() - began) * 1e3, found


def measure(bench):
    courses = bench.some(COURSES)
    with open_site(bench, "b16") as site:
        fill(site, courses)
        ask(site)
        forms = {act(site)[1] for act in (counted, looped)}
        if len(forms) != 1:
            raise AssertionError(f"counted {forms}")
        rounds = bench.compare({"real": lambda: counted(site)[0], "loop": lambda: looped(site)[0]})
    ratios, runs = rounds.ratios("loop", "real"), rounds.figures["real"]
    note = f"{courses:,} courses, {2 * courses:,} patient forms, {forms.pop():,} in the year"
    yield Figure("B16", "response rates of a year, all hospitals", min(runs), 1000, "ms", True, spread(runs), note)
    note = f"loop {rounds.median('loop'):,.0f} ms"
    yield Figure(
        "B16", "a loop over rows against the statement", statistics.median(ratios), 5, "x", False, spread(ratios), note
    )


BARS = {"B16": measure}
