"""A clinician without a browser: sends the fields of a drawn form, as they are or changed, and reads what comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from werkzeug.datastructures import MultiDict

from shared.forms.catalogue import registry
from shared.forms.page_maker import Showing
from shared.testing.html import form_values
from tests.ui.form_pages import POST_TO, draw

FORM = registry("smertereg").form("b11")
CONTEXT = {"today": date(2026, 11, 20), "started_on": date(2026, 11, 2)}
KEY = "pain_diagnoses"


class Desk:
    """The pain diagnoses of one form, while they are written; `stored` is what was saved last."""

    def __init__(self, *rows):
        given = [{"id": f"r{number}", **row} for number, row in enumerate(rows, 1)]
        self.stored = FORM.read_values({KEY: given}, FORM.new()).document
        self.draft = None
        self._show()

    @property
    def table(self):
        """The rows as the page shows them."""
        return self.question.table

    @property
    def rows(self):
        """The answers of the rows, in order and without ids."""
        rows = (self.draft.document if self.draft else self.stored)["answers"].get(KEY, [])
        return [{key: value for key, value in row.items() if key != "id"} for row in rows]

    @property
    def opened(self):
        """The questions of the open row, by key."""
        (row,) = (row for row in self.table.rows if row.is_open)
        return {question.key: question for question in row.questions}

    def press(self, name, value=None, **answers):
        """Press a button, with answers to questions of the open row; the row's own path unless told otherwise."""
        fields = MultiDict(form_values(self.tree))
        path = next((row.path for row in self.table.rows if row.is_open), "")
        for key, answer in answers.items():
            fields.setlist(f"{path}.{key.replace('__', '.')}", [str(answer)])
        fields.add(name, value or path)
        self.draft = FORM.read(fields, self.stored)
        self._show()
        return self

    def begin(self, **answers):
        """Begin a row and answer its questions, one after the other, as they show."""
        self.press("_add_row", KEY)
        for key, answer in answers.items():
            self.press("_draw", "1", **{key: answer})
        return self

    def save(self):
        """Store what is on the page, and open it anew."""
        self.press("act", "save")
        self.stored = self.draft.document
        return self.reload()

    def reload(self):
        """Open what is stored anew."""
        self.draft = None
        self._show()
        return self

    def _show(self):
        document = self.draft.document if self.draft else self.stored
        showing = Showing(draft=self.draft, problems=FORM.check(document, CONTEXT))
        page = FORM.page(document, CONTEXT, showing)
        sections = tuple(section for section in page.sections if section.key == KEY)
        self.page = replace(page, sections=sections, shown=tuple(p for p in page.shown if p.startswith(KEY)))
        self.question = next(q for section in sections for q in section.questions if q.key == KEY)
        self.tree = draw("form_body", self.page, POST_TO)
