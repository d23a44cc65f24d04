"""B7: a page of the work list in a registry of a million courses."""

from __future__ import annotations

import re
import statistics
import time

import psycopg
from sqlalchemy import event

from tests.benchmarks.harness import Figure, spread
from tests.benchmarks.many_courses import COURSES, PIVOT, fill
from tests.benchmarks.registration_site import Visit, open_site
from tests.registration.site import HUS

NEXT = re.compile(r'rel="next" href="([^"]+)"')
PAGES = 30


def late(seconds):
    """The 95th percentile in milliseconds."""
    return statistics.quantiles(seconds, n=20)[-1] * 1e3


def read_on(visit, pages):
    """So many pages of the list, each by the link of the one before."""
    query, taken = "", []
    for _ in range(pages):
        page = visit.get(f"/work-list{query}")
        taken.append(page)
        query = NEXT.search(page.body.decode())[1].replace("&amp;", "&")
    return taken


def asked(site, visit):
    """The statement that finds the courses of each page, with its values."""
    found = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "FROM course" in statement:
            found.append((statement, parameters))

    event.listen(site.database.engine, "before_cursor_execute", note)
    read_on(visit, PAGES)
    event.remove(site.database.engine, "before_cursor_execute", note)
    return found


def timed(connection, statements):
    """Seconds of each statement, rows included."""
    taken = []
    for statement, parameters in statements:
        began = time.perf_counter()
        connection.execute(statement, parameters).fetchall()
        taken.append(time.perf_counter() - began)
    return taken


def buffers(connection, statement, parameters):
    """How many pages of the database one statement touches, and the server's milliseconds."""
    told = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters).fetchone()[0][0]
    plan = told["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], told["Execution Time"]


def compared(bench, connection, statements):
    """The real statement and the pivot of a usual schema, in turn."""
    rounds = bench.compare(
        {
            "real": lambda: statistics.median(timed(connection, statements)) * 1e3,
            "pivot": lambda: statistics.median(timed(connection, [(PIVOT, [HUS])] * 5)) * 1e3,
        }
    )
    ratios = rounds.ratios("pivot", "real")
    note = f"{rounds.median('real'):.2f} ms, pivot {rounds.median('pivot'):.1f} ms"
    return Figure(
        "B7", "a naive pivot against the query", statistics.median(ratios), 30, noise=spread(ratios), note=note
    )


def measure(bench):
    courses = bench.some(COURSES)
    with open_site(bench, "b7") as site:
        fill(site, courses)
        visit = Visit(site)
        statements = asked(site, visit)
        with psycopg.connect(site.settings.database_url.replace("+psycopg", ""), autocommit=True) as connection:
            touched = [buffers(connection, *one) for one in statements]
            note = f"{courses:,} courses, {statistics.median(t[1] for t in touched):.2f} ms in the server"
            most = max(blocks for blocks, _ in touched)
            yield Figure("B7", "buffers of the query, the most of 30 pages", most, 10, "", True, note=note)
            runs = [late(timed(connection, statements)) for _ in range(bench.rounds)]
            # Of times by the clock the least disturbed round counts: neighbours can only make the same work look slower.
            yield Figure("B7", "p95 of the query", min(runs), 2.0, "ms", True, spread(runs))
            yield compared(bench, connection, statements)
        pages = [read_on(visit, PAGES) for _ in range(bench.rounds)]
    whole = [late([page.seconds for page in read]) for read in pages]
    cpu = statistics.median(page.cpu for read in pages for page in read) * 1e3
    note = f"p50 {statistics.median(p.seconds for r in pages for p in r) * 1e3:.1f} ms, CPU {cpu:.1f} ms"
    yield Figure("B7", "p95 of the whole page", min(whole), 15.0, "ms", True, spread(whole), note)


BARS = {"B7": measure}
