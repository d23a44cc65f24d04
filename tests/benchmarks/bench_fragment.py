"""B10: form B1.1 drawn anew while it is filled in, with every opioid and five diagnoses."""

from __future__ import annotations

import statistics

from flask import Flask, render_template_string

from shared.testing.html import find, form_values, read_html
from tests.benchmarks.bench_work_list import late
from tests.benchmarks.filled_form import fields, preparations
from tests.benchmarks.harness import Figure, spread
from tests.benchmarks.registration_site import Visit, ask, open_site

DIAGNOSES = [
    {"pain_category": 1, "acute_category": 1, "procedure_code": "NGB20", "main_diagnosis": 1},
    {"pain_category": 1, "acute_category": 2, "anatomical_region": 9, "leg_part": 5, "main_diagnosis": 0},
    {"pain_category": 2, "lasting_category": 2, "code_cancer": "C50.9", "main_diagnosis": 0},
    {"pain_category": 2, "lasting_category": 4, "neuropathic_subcategory": "f",
     "code_peripheral_neuropathic": "G62.9", "main_diagnosis": 0},
    {"pain_category": 3, "palliative_category": 2, "code_cancer": "C79.5", "main_diagnosis": 0},
]  # fmt: skip
LINE = '<p class="question" id="{{ line }}"><label for="f{{ line }}">{{ label }}</label> <input id="f{{ line }}" name="{{ line }}"></p>'
PLAIN = f"{{% for line in lines %}}{LINE}{{% endfor %}}"


def whole_form():
    """What a page sends of the form with a dose of each opioid and five diagnoses."""
    given = [pair for pair in fields(0, 0) if "pain_diagnoses" not in f"{pair}" and "opioids." not in pair[0]]
    rows = [(f"pain_diagnoses.r{n}.{key}", code) for n, row in enumerate(DIAGNOSES) for key, code in row.items()]
    doses = [(f"opioids.{name}", str(number)) for number, name in enumerate(preparations(), 1)]
    return [*given, *doses, *(("_shown", path) for path, _ in rows), *rows]


def drawn_again(visit, course_id):
    """The same as the form's own page sends it to be drawn anew, with one of the diagnoses open."""
    path = f"/courses/{course_id}/forms/b11"
    visit.post(path, whole_form())
    page = read_html(visit.get(path).body.decode())
    values = form_values(find(page, **{"class": "register-form"}))
    opened = [("_edit_row", "pain_diagnoses.r3"), ("_draw", "1")]
    return [(name, value) for name, sent in values.items() for value in sent] + opened


def with_dose(given, turn):
    """The same while somebody writes the first dose."""
    first = f"opioids.{preparations()[0]}"
    return [(name, str(turn + 1) if name == first else value) for name, value in given]


def plain_page(size):
    """A page of one loop, of about so many signs."""
    app, label = Flask(__name__), "Har pasienten hatt smerter?"
    per_line = len(LINE.replace("{{ line }}", "line-100").replace("{{ label }}", label))
    lines = [f"line-{number}" for number in range(100, 100 + size // per_line)]
    app.add_url_rule("/", "plain", lambda: render_template_string(PLAIN, lines=lines, label=label))
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
    }
    return lambda: ask(app, dict(environ))


def measure(bench):
    count = bench.some(200)
    with open_site(bench, "b10") as site:
        course_id, visit = site.register(), Visit(site)
        given = drawn_again(visit, course_id)
        path = f"/courses/{course_id}/forms/b11/draw"
        size = len(visit.htmx(path, given).body)
        plain, runs = plain_page(size), []

        def draw():
            runs.append([visit.htmx(path, with_dose(given, turn)) for turn in range(count)])
            return statistics.median(taken.cpu for taken in runs[-1])

        rounds = bench.compare({"draw": draw, "plain": lambda: statistics.median(plain().cpu for _ in range(count))})
    # Of times by the clock the least disturbed round counts: neighbours can only make the same work look slower.
    whole = [late([taken.seconds for taken in run]) for run in runs]
    cpu, ratios = rounds.median("draw") * 1e3, rounds.ratios("draw", "plain")
    note = f"{size / 1024:.0f} KB, CPU {cpu:.1f} ms"
    yield Figure("B10", "p95 of form B1.1 drawn anew", min(whole), 20.0, "ms", True, spread(whole), note)
    note = f"plain page {rounds.median('plain') * 1e3:.2f} ms CPU"
    what = "the same against a plain loop of its size, CPU"
    yield Figure("B10", what, statistics.median(ratios), 6.0, "x", True, spread(ratios), note)


BARS = {"B10": measure}
