"""What somebody does who fills in a form: opens it, types, and sends the page as a browser would."""

from __future__ import annotations

from sqlalchemy import select

from services.registration.store.tables import DraftRow, FormRow
from shared.testing.html import find, form_values, read_html, words
from shared.testing.web import sign_out


def address(course_id, form="to", more=""):
    return f"/courses/{course_id}/forms/{form}{more}"


def fields_of(text, course_id, form="to"):
    """The fields of the form on a page."""
    values = form_values(find(read_html(text), action=address(course_id, form)))
    return {name: value for name, value in values.items() if name != "act"}


class Editor:
    """One user at one open page."""

    def __init__(self, site, course_id, form="to", **who):
        self.site, self.course_id, self.form = site, course_id, form
        self.browser = site.browser(**who)
        self.open()

    def open(self, more=""):
        """Go to the page anew, as the link of the course does."""
        self.page = self.browser.get(address(self.course_id, self.form, more)).text
        if self.form_is_open:
            self.fields = fields_of(self.page, self.course_id, self.form)
        return self

    @property
    def form_is_open(self):
        return f'action="{address(self.course_id, self.form)}"' in self.page

    @property
    def says(self):
        """The words of the page."""
        return words(next(read_html(self.page).iter("main")))

    def send(self, act="save", **typed):
        answer = self._post("", {"act": act, **typed})
        self.page = answer.text
        if answer.status_code != 303 and self.form_is_open:
            self.fields = fields_of(self.page, self.course_id, self.form)
        return answer

    def autosave(self, **typed):
        return self._post("/draft", typed)

    def draw(self, **typed):
        """Press a button that draws the page anew, without scripts."""
        self.page = self._post("/draw", typed).text
        self.fields = fields_of(self.page, self.course_id, self.form)
        return self

    def discard(self):
        return self.browser.send_form(address(self.course_id, self.form, "/draft/discard"))

    def log_out(self):
        sign_out(self.browser)
        return self

    def _post(self, more, typed):
        return self.browser.post(address(self.course_id, self.form, more), data={**self.fields, **typed})


def draft_rows(site):
    with site.database.reading() as session:
        return session.scalars(select(DraftRow)).all()


def row_of(site, course_id, form="to"):
    with site.database.reading() as session:
        return session.get(FormRow, (course_id, form))


def draft_log(site):
    """What the access log says of drafts."""
    return [(entry.actor, entry.action) for entry in site.log() if entry.object.startswith("draft:")]
