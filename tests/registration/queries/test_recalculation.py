"""What other factors would change is told; what is stored stays as it was made."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services.registration.queries.recalculation import Count, factors_of, recalculation
from services.registration.store.tables import FormRow
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.save_form import save_form
from shared.auth.principal import Role
from shared.forms.catalogue import FOLDER, registry
from shared.forms.read_lists import read_factors
from shared.forms.reading import Flaws
from shared.testing.html import parse_page, words
from shared.testing.web import a_user
from tests.registration.site import AMINA, FONNA, HUS, KARI, OLA

SMERTEREG = registry("smertereg")


@pytest.fixture
def second(tmp_path):
    """Version 2 of the factors: less methadone, more tramadol, and no codeine."""
    text = (FOLDER / "smertereg/opioids/v1.csv").read_text(encoding="utf-8")
    text = text.replace(";;0:5|18:6|50:8|75:10|90.1:12;", ";4;;").replace(
        "N02AX02;mg;0.15;;OMEQ_TRAMADOL_CAP", "N02AX02;mg;0.2;;OMEQ_TRAMADOL_CAP"
    )
    lines = [line for line in text.splitlines() if not line.startswith("codeine")]
    (tmp_path / "v2.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    flaws = Flaws(tmp_path)
    found = read_factors(tmp_path / "v2.csv", flaws)
    flaws.stop()
    return found


def written(site, number, organisation, **doses):
    """A course with doses in B1.1."""
    course_id = site.register(number, organisation=organisation)
    place = FormAt(
        course_id=course_id,
        form="b11",
        by=a_user(Role.LU, organisation=organisation),
        seen=frozenset({organisation}),
    )
    answers = {"analgesics_first_visit": ["opioids"], "opioids": {"doses": doses}}
    kept = Kept(persons=site.persons, uow=site.uow)
    done = save_form(place, lambda now: now.form.read_values(answers, now.document), revision=0, kept=kept)
    assert done.problems == ()
    return course_id


def documents(site):
    with site.database.reading() as session:
        return session.execute(select(FormRow.course_id, FormRow.document, FormRow.revision)).all()


def report_of(site, factors):
    with site.uow() as store:
        return recalculation(SMERTEREG, factors, store.session)


@pytest.mark.req("REG-15")
def test_other_factors_are_reported_by_organisation_with_the_largest_differences_first(both, second):
    small = written(both, KARI, HUS, tramadol_capsules=100)
    large = written(both, OLA, HUS, methadone_potion=100, morphine_pills=10)
    same = written(both, AMINA, FONNA, morphine_pills=30)
    before = documents(both)

    report = report_of(both, second)

    assert report.version == 2
    assert report.counts == [
        Count(organisation=HUS, forms=2, changed=2, sums=2),
        Count(organisation=FONNA, forms=1, changed=0, sums=0),
    ]
    told = [(one.course_id, one.form, one.before, one.after) for one in report.largest]
    assert told == [(large, "b11", 1210.0, 410.0), (small, "b11", 15.0, 20.0)]
    assert same not in {one.course_id for one in report.largest}
    assert documents(both) == before


@pytest.mark.req("REG-15")
def test_a_result_keeps_its_version_and_agrees_with_it(site, second):
    written(site, KARI, HUS, codeine_pills=60, morphine_pills=5)
    (row,) = documents(site)

    assert row.document["values"]["opioids"]["factors"] == 1
    assert report_of(site, factors_of(SMERTEREG)[1]).counts == [Count(organisation=HUS, forms=1)]
    assert [one.after for one in report_of(site, second).largest] == [5.0]


@pytest.mark.req("REG-15")
def test_the_national_coordinator_reads_the_report(site):
    written(site, KARI, HUS, morphine_pills=30)
    answer = site.browser(Role.SC).get("/opioid-factors")

    assert answer.status_code == 200
    rows = [words(row) for row in parse_page(answer.text).iter("tr")]
    assert rows[1:] == ["Haukeland universitetssjukehus 1 0 0"]
    assert "Versjon 1 gjelder" in answer.text
    assert site.browser(Role.SC).get("/opioid-factors?version=9").status_code == 404
    assert site.browser(Role.LC).get("/opioid-factors").status_code == 403
