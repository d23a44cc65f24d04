"""The engine on the register's own form of inclusion."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from shared.forms.catalogue import registry
from shared.forms.page_maker import Showing

CONTEXT = {"today": date(2026, 11, 21), "birth_date": date(1957, 5, 17)}
SEEN = {
    "referral_date": "2026-11-02",
    "start_date": "2026-11-03",
    "supervision": 1,
    "norwegian_speaking": 1,
    "cognitively_impaired": 0,
}


@pytest.fixture
def to():
    return registry("smertereg").form("to")


def filled(form, **answers):
    return form.read_values({**SEEN, **answers}, form.new()).document


@pytest.mark.req("REG-12")
@pytest.mark.parametrize(
    ("answers", "birth", "included"),
    [
        ({}, date(1957, 5, 17), 1),
        ({"cognitively_impaired": 1}, date(1957, 5, 17), 0),
        ({"norwegian_speaking": None}, date(1957, 5, 17), None),
        ({"norwegian_speaking": None, "cognitively_impaired": 1}, date(1957, 5, 17), 0),
        ({}, date(2010, 2, 19), 0),
    ],
)
def test_inclusion_is_open_until_all_is_answered_or_one_fails(to, answers, birth, included):
    values = to.values(filled(to, **answers), {**CONTEXT, "birth_date": birth})
    assert values.get("included") == included


def test_the_type_of_course_follows_from_the_answers(to):
    one = registry("smertereg")
    assert one.course_type(to.values(filled(to), CONTEXT)) == 3
    assert one.course_type(to.values(filled(to, cognitively_impaired=1), CONTEXT)) == 2
    assert one.course_type(to.values(filled(to, supervision=2), CONTEXT)) == 1


def test_consent_is_asked_for_on_the_consent_basis_only(to):
    assert "consent" not in to.visible(filled(to), CONTEXT)
    old = filled(to, referral_date="2022-10-01", start_date="2022-10-02")
    assert "consent" in to.visible(old, CONTEXT)
    assert [problem.path for problem in to.complete(old, CONTEXT)] == ["consent"]


def test_the_system_answers_no_consent_where_criteria_are_not_met(to):
    old = filled(to, referral_date="2022-10-01", start_date="2022-10-02", cognitively_impaired=1)
    values = to.values(old, CONTEXT)
    assert (values["consent"], values["no_consent_reason"]) == (0, 3)
    assert "consent" not in old["answers"]
    assert "consent" not in to.page(old, CONTEXT, Showing()).shown
    assert to.complete(old, CONTEXT) == ()


@pytest.mark.req("REG-07")
@pytest.mark.parametrize(
    ("written", "kept"),
    [("04.11.2026", "2026-11-04"), ("4.11.26", "2026-11-04"), ("041126", "2026-11-04"), ("2026-11-04", "2026-11-04")],
)
def test_dates_may_be_written_as_people_do(to, written, kept):
    assert filled(to, start_date=written)["answers"]["start_date"] == kept


def test_a_date_that_is_none_is_refused_and_shown_again(to):
    draft = to.read(MultiDict([("_shown", "start_date"), ("start_date", "31.02.2026")]), filled(to))
    page = to.page(draft.document, CONTEXT, Showing(draft=draft))
    question = next(q for section in page.sections for q in section.questions if q.path == "start_date")
    assert question.value == "31.02.2026"
    assert question.errors == ("Datoen finnes ikke. Skriv den som dd.mm.åååå, for eksempel 04.11.2025.",)
    assert draft.document["answers"]["start_date"] == "2026-11-03"
    assert [problem.label for problem in page.problems] == ["Startdato"]


def test_a_start_before_the_referral_asks_to_be_confirmed_until_it_changes(to):
    document = filled(to, start_date="2026-11-01")
    (warning,) = to.warnings(document, CONTEXT)
    assert warning.path == "start_date"
    page = to.page(document, CONTEXT, Showing())
    question = next(q for section in page.sections for q in section.questions if q.path == "start_date")
    fields = [("_shown", "start_date"), ("start_date", "01.11.2026"), ("_confirmed", question.confirm_value)]
    confirmed = to.read(MultiDict(fields), document).document
    assert to.warnings(confirmed, CONTEXT) == ()
    changed = to.read(MultiDict([("_shown", "start_date"), ("start_date", "31.10.2026")]), confirmed).document
    assert [w.path for w in to.warnings(changed, CONTEXT)] == ["start_date"]


def test_what_is_hidden_stays_in_the_document_and_out_of_the_columns(to):
    old = filled(to, referral_date="2022-10-01", start_date="2022-10-02", consent=1, consent_date="2022-10-02")
    moved = to.read_values({"start_date": "2026-11-03"}, old).document
    assert moved["answers"]["consent"] == 1
    assert to.typed_row(moved, CONTEXT)["consent"] is None
    assert to.typed_row(old, CONTEXT)["consent"] == 1
    assert to.typed_row(old, CONTEXT)["referred_by_phone"] == 0


def test_a_page_names_what_it_asks_and_nothing_that_is_computed(to):
    page = to.page(filled(to), CONTEXT, Showing(language="nn"))
    assert "referral_date" in page.shown
    assert {"age", "included", "consent"}.isdisjoint(page.shown)


@pytest.mark.req("GEN-04")
def test_what_is_kept_holds_the_age_and_no_birth_date(to):
    document = to.kept(filled(to), CONTEXT)
    assert document["values"]["age"] == 69
    assert "1957" not in str(document)
    po = registry("smertereg").form("po")
    assert "1957" not in str(po.kept(po.new(), CONTEXT))
