"""Pain diagnoses on the form's own page: drawn whole without scripts, refused beside the field, stored by their codes."""

from __future__ import annotations

import pytest

from services.registration.store.tables import FormRow
from shared.testing.html import find, form_values, read_html, words

pytestmark = pytest.mark.req("REG-14")
KEY = "pain_diagnoses"


def page_of(answer):
    return read_html(answer.text)


def fields_of(tree):
    return form_values(find(tree, **{"class": "register-form"}))


def opened(tree):
    """The path of the row that is open."""
    return find(tree, name="_open").get("value")


class Sheet:
    """Form B1.1 of a course in a browser without scripts."""

    def __init__(self, site):
        self.site, self.course_id, self.browser = site, site.register(), site.browser()
        self.path = f"/courses/{self.course_id}/forms/b11"
        self.tree = page_of(self.browser.get(self.path))

    def press(self, name, value, path="/draw", **answers):
        """Press a button, with answers to the open row; gives the answer."""
        fields = {**fields_of(self.tree), name: [value]}
        fields.pop("csrf_token")
        row = opened(self.tree) if answers else ""
        fields |= {f"{row}.{key.replace('__', '.')}": [code] for key, code in answers.items()}
        answer = self.browser.send_form(f"{self.path}{path}", fields)
        if answer.text:
            self.tree = page_of(answer)
        return answer

    def stored(self):
        with self.site.database.reading() as session:
            row = session.get(FormRow, (self.course_id, "b11"))
            return row and row.document["answers"].get(KEY)


def test_a_diagnosis_is_written_without_scripts_and_stored_when_the_form_is_saved(site):
    sheet = Sheet(site)
    sheet.press("_add_row", KEY)
    row = opened(sheet.tree)
    sheet.press("_search", f"{row}.x", pain_category="2", main_diagnosis="1")
    sheet.press("_search", f"{row}.x", lasting_category="2")
    sheet.press("_search", f"{row}.code_cancer", code_cancer__words="bryst")
    assert "C50.9 Kreft i bryst, uspesifisert" in words(sheet.tree)
    sheet.press("_done_row", row, code_cancer="C50.9")
    assert "Lagt til: smertediagnose 1." in words(find(sheet.tree, id=f"{KEY}-told"))
    assert sheet.stored() is None
    assert sheet.press("act", "save", path="").status_code == 303
    (stored,) = sheet.stored()
    assert (stored["lasting_category"], stored["code_cancer"]) == (2, "C50.9")


def test_words_that_are_no_code_are_refused_beside_the_field_and_nothing_is_stored(site):
    sheet = Sheet(site)
    sheet.press("_add_row", KEY)
    row = opened(sheet.tree)
    sheet.press("_search", f"{row}.x", pain_category="1")
    sheet.press("_search", f"{row}.x", acute_category="1")
    answer = sheet.press("act", "save", path="", procedure_code__words="hofte")
    assert answer.status_code == 422
    assert "«hofte» er ikke en kode i listen." in words(find(sheet.tree, id=f"{row}.procedure_code-error"))
    assert sheet.stored() is None
