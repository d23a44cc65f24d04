"""What all web peers share: the form they save, its columns, and how they are asked for saves."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

MARK = "save "
ALONE = "alone"  # asks a peer for the save without the page around it
USER, ORGANISATION = 1, 100082
WARM_UP = 5


@dataclass(frozen=True)
class Form:
    """The form as a peer knows it: its questions, its columns, and the preparations' factors."""

    questions: list[dict]
    columns: list[dict]
    child_columns: list[dict]
    factors: dict[str, float]
    answers: list[dict]
    courses: int
    address: str = field(repr=False)

    @cached_property
    def rows_question(self):
        """The one question that has rows."""
        return next(q for q in self.questions if q["type"] == "rows")

    def row(self, data):
        """The value of each column."""
        return {column["name"]: self._cell(column, data.get(column["key"])) for column in self.columns}

    def rows(self, data):
        """The same of each row."""
        given = data.get(self.rows_question["key"], ())
        return [{column["name"]: row.get(column["key"]) for column in self.child_columns} for row in given]

    def _cell(self, column, value):
        part = column["part"]
        match column["role"]:
            case "tick":
                return int(value is not None and part in value)
            case "dose":
                return (value or {}).get(part)
            case "omeq":
                return round(value[part] * self.factors[part], 1) if value and part in value else None
            case "sum":
                return round(sum(dose * self.factors[key] for key, dose in (value or {}).items()), 1)
            case "unknown":
                return int(value is None)
        return value


def load():
    """The form that the benchmark has written down."""
    return Form(**json.loads(Path(sys.argv[1]).read_text()))


def serve(form, save):
    """Save each course in turn, as often as a line asks for; each time tell the median CPU of one in microseconds."""
    revisions, turn = [0] * form.courses, 0
    while True:
        line = sys.stdin.readline() if turn else f"{WARM_UP * form.courses}\n"
        if not line:
            return
        taken = []
        for _ in range(int(line)):
            course = turn % form.courses
            data = {**form.answers[turn % len(form.answers)], "revision": revisions[course]}
            request = save(course + 1, json.dumps(data).encode())
            began = time.process_time()
            status = request()
            taken.append(time.process_time() - began)
            if status != 200:
                raise RuntimeError(status)
            revisions[course] += 1
            turn += 1
        print(MARK + json.dumps(taken), flush=True)
