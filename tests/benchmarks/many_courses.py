"""A registry of a million courses in PostgreSQL, a tenth of them active, and the same as a usual schema keeps it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import text

from services.registration.domain.person import PersonFacts, Sex
from tests.registration.site import NOW

COURSES, PERSONS, FORMS = 1_000_000, 400, 6
FIRST, LAST = date(2012, 1, 1), date(2026, 11, 20)
_COURSES = """
INSERT INTO course (pid, registry, organisation, is_active, started_on, course_type, is_included, basis, placement,
  has_consented, consent_reason, form_status, location_id, ward_id, has_comment, created_at, created_by, definitions_on)
SELECT 1 + n % :persons, 'smertereg', (:organisations)[1 + n % :count], n % 10 = 3,
  CAST(:first AS date) + CAST(CAST(n AS bigint) * 7919 % :days AS int), 1 + n % 3, n % 3 = 2, 'reservation', 'national', n % 4 > 0, NULL,
  substr('1232123123', 1 + n % 3, 4) || '111111', 1 + n % 40, 41 + n % 40, n % 7 = 0, :now, 'user:1', CAST(:last AS date)
FROM generate_series(1, :courses) AS s (n)
"""
_PLACES = """
INSERT INTO place (kind, organisation, name, short_name, resh_id, is_active)
SELECT CASE WHEN n <= 40 THEN 'location' ELSE 'ward' END, (:organisations)[1 + n % :count], 'Sted ' || n, 'Sted ' || n,
  '', true FROM generate_series(1, 80) AS s (n)
"""
_USUAL = (
    (
        "CREATE TABLE usual_course AS SELECT course_id, pid, registry, organisation, is_active, started_on, has_consented,"
        " location_id, ward_id FROM course"
    ),
    "ALTER TABLE usual_course ADD PRIMARY KEY (course_id)",
    *(f"CREATE INDEX ON usual_course ({name})" for name in ("pid", "registry", "organisation", "started_on")),
    (
        "CREATE TABLE usual_form AS SELECT course_id, 'f' || n AS form, 1 + (course_id + n) % 3 AS state"
        " FROM course CROSS JOIN generate_series(1, 6) AS s (n) WHERE is_active"
    ),
    "ALTER TABLE usual_form ADD PRIMARY KEY (course_id, form)",
)
PIVOT = (
    "SELECT c.course_id, c.pid, c.started_on, c.has_consented, c.location_id, c.ward_id, "
    + ", ".join(f"max(CASE WHEN f.form = 'f{n}' THEN f.state END) AS f{n}" for n in range(1, FORMS + 1))
    + " FROM usual_course AS c LEFT JOIN usual_form AS f USING (course_id)"
    " WHERE c.registry = 'smertereg' AND c.organisation = %s AND c.is_active"
    " GROUP BY c.course_id ORDER BY c.started_on DESC, c.course_id DESC LIMIT 51"
)


def fill(site, courses):
    """Put so many courses of a few hundred persons into the tables that the migrations made."""
    for number in range(PERSONS):
        site.persons.keep(synthetic(number))
    organisations = sorted(site.means.registry("smertereg").organisations)
    values = {"organisations": organisations, "count": len(organisations), "persons": PERSONS, "courses": courses}
    days = {"first": FIRST, "last": LAST, "days": (LAST - FIRST).days, "now": NOW}
    with site.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(_PLACES), values)
        connection.execute(text(_COURSES), {**values, **days})
        for statement in (*_USUAL, "VACUUM ANALYZE"):
            connection.execute(text(statement))


def synthetic(number):
    """A person nobody is: month + 80."""
    return PersonFacts(
        number=f"{1 + number % 28:02d}81{number % 100:02d}{number:05d}",
        number_kind="national",
        name=f"Prøve Person {number}",
        birth_on=date(1950 + number % 50, 1, 1 + number % 28),
        sex=(Sex.FEMALE, Sex.MALE)[number % 2],
    )
