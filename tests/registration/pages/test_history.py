"""The history of answers: in the words of the form, newest first, and reading it leaves a trace."""

from __future__ import annotations

import pytest

from services.registration.queries.history import LINES
from services.registration.store.tables import FormRow
from services.registration.usecases.course_at import FormAt, Kept
from services.registration.usecases.save_form import save_form
from shared.audit.log import Access
from shared.auth.principal import Role
from shared.testing.html import read_html, words
from shared.testing.web import a_user
from tests.registration.pages.test_forms import address
from tests.registration.site import FONNA, HUS, KARI

TO = {"referral_date": "2026-11-19", "start_date": "2026-11-20", "norwegian_speaking": 1, "cognitively_impaired": 0}
pytestmark = pytest.mark.req("REG-33")


def rows(browser, course_id, form="to", page=1):
    """The lines of the page, cell by cell."""
    path = f"{address(course_id, form)}/history" if form else f"/courses/{course_id}/history"
    table = next(read_html(browser.get(path, query_string={"page": page}).text).iter("tbody"), ())
    return [[words(cell) for cell in row] for row in table]


def saved(site, course_id, revision, form="to", confirmed=(), **answers):
    by = a_user(Role.LC, organisation=HUS)
    at = FormAt(course_id=course_id, form=form, by=by, seen=frozenset({HUS}))
    kept = Kept(persons=site.persons, uow=site.uow)
    is_final = answers.pop("is_final", False)

    def read(now):
        return now.form.read_values(answers, now.document, confirmed)

    done = save_form(at, read, revision=revision, kept=kept, is_final=is_final)
    assert done.problems == ()
    return done.opened.document["answers"]


def test_each_change_is_told_in_words_newest_first(both):
    course_id, coordinator = both.register(), both.browser("LC")
    saved(both, course_id, 0, supervision=1, referral_date="2026-11-18")
    saved(both, course_id, 1, referral_date="2026-11-19")
    newest, *older = rows(coordinator, course_id)
    assert newest[:4] == ["21.11.2026 kl. 13.00", "Henvist dato", "18.11.2026", "19.11.2026"]
    assert newest[4] == "Kari Prøve LC"
    assert ["Har pasienten fått tilsyn?", "Ikke besvart", "Ja"] in [row[1:4] for row in older]


def test_what_the_system_sets_is_marked(both):
    course_id, coordinator = both.register(), both.browser("LC")
    saved(both, course_id, 0, supervision=1)
    saved(both, course_id, 1, norwegian_speaking=0)
    told = [row[1:4] for row in rows(coordinator, course_id)]
    assert ["Inklusjonskriterier oppfylt satt av systemet", "Ikke besvart", "Nei"] in told


def test_reopening_stands_with_its_reason_and_finalising_too(both):
    course_id, coordinator = both.register(), both.browser("LC")
    saved(both, course_id, 0, supervision=1)
    saved(both, course_id, 1, **TO, is_final=True)
    coordinator.send_form(f"{address(course_id)}/reopen", {"reason": "Feil startdato"})
    told = [row[1] for row in rows(coordinator, course_id)]
    assert told[0] == "Gjenåpnet Begrunnelse: Feil startdato"
    assert "Ferdigstilt" in told


def test_a_confirmed_unusual_value_is_told(both):
    course_id, coordinator = both.register(), both.browser("LC")
    saved(both, course_id, 0, "b22", consultations=60)
    saved(both, course_id, 1, "b22", ("consultations=60",), consultations=60)
    told = [row[1:4] for row in rows(coordinator, course_id, "b22")]
    assert ["Uvanlig verdi bekreftet", "", "Antall pasienttilsyn = 60"] in told


def test_tables_are_told_part_by_part(both):
    course_id = both.register()
    saved(both, course_id, 0, "b22", caregivers={"doctor": 3})
    told = [row[1:4] for row in rows(both.browser("LC"), course_id, "b22")]
    assert ["Behandlere og antall tilsyn: Lege", "Ikke besvart", "3"] in told


def test_rows_are_told_by_their_number(both):
    course_id = both.register()
    first, second = {"pain_category": 1}, {"pain_category": 4}
    kept = saved(both, course_id, 0, "b11", pain_diagnoses=[first, second])["pain_diagnoses"]
    saved(both, course_id, 1, "b11", pain_diagnoses=[kept[0], {**kept[1], "pain_category": 3}])
    label, old, new = rows(both.browser("LC"), course_id, "b11")[0][1:4]
    assert label.endswith("rad 2: 3a. Smertekategori")
    assert (old, new) == ("Annet", "Palliativ")


def test_the_course_shows_all_forms_in_pages(both):
    course_id, coordinator = both.register(), both.browser("LC")
    for number in range(1, LINES + 2):
        saved(both, course_id, number - 1, "b22", consultations=10 + number)
    saved(both, course_id, 0, supervision=1)
    first, second = (rows(coordinator, course_id, None, page) for page in (1, 2))
    assert len(first) == LINES
    assert {row[1] for row in first} == {"Tilleggsopplysninger", "Behandlerdel 2.2"}
    assert second[-1][2:5] == ["Antall pasienttilsyn", "Ikke besvart", "11"]
    assert rows(coordinator, course_id, None, 3) == []


def test_reading_is_logged_and_only_coordinators_of_the_place_read(both):
    course_id = both.register()
    path = f"/courses/{course_id}/history"
    answer = both.browser("LC").get(path)
    both.oracle(KARI).check(answer)
    assert f"history:{course_id}/" in [entry.object for entry in both.log()]
    assert both.browser("SC", organisation=None).get(path).status_code == 200
    assert both.browser("LC", organisation=FONNA).get(path).status_code == 404
    assert both.browser("LU").get(path).status_code == 403
    assert both.browser("LC").get(f"/courses/{course_id}/forms/nothing/history").status_code == 404


def test_who_had_no_name_is_told_by_number(both):
    course_id = both.register()
    facts = {"actor": "user:7", "role": "LU", "organisation": HUS, "registry": "smertereg", "reason": "care"}
    change = {"consultations": [1, 2], "analgesics": [None, []]}
    with both.uow() as store:
        store.log_access(Access(**facts, pid=both.pid(), action="write", object=f"form:{course_id}/b22", change=change))
        store.log_access(
            Access(
                **{**facts, "actor": "patient"},
                pid=both.pid(),
                action="write",
                object=f"form:{course_id}/b22",
                change={},
            )
        )
    with both.uow() as store:
        saved_form(store, course_id)
    told = rows(both.browser("LC"), course_id, "b22")
    assert [row[-1] for row in told] == ["Pasienten LU", "Bruker 7 LU"]
    assert len(told) == 2


def saved_form(store, course_id):
    """A form that was written before the log told names."""
    facts = {
        "document": {"answers": {}},
        "definition_version": 2,
        "state": 2,
        "saved_at": store.now,
        "saved_by": "user:7",
    }
    store.add(FormRow(course_id=course_id, form="b22", **facts))


def test_changes_to_things_of_others_are_not_told(both):
    course_id = both.register()
    saved(both, course_id, 0, "b22", consultations=11)
    facts = {"actor": "user:1", "role": "LC", "organisation": HUS, "registry": "smertereg", "reason": "care"}
    other = Access(
        **facts, pid=both.pid(), action="write", object=f"form:{course_id}1/b22", change={"consultations": [1, 2]}
    )
    with both.uow() as store:
        store.log_access(other)
    assert [row[1:4] for row in rows(both.browser("LC"), course_id, "b22")] == [
        ["Antall pasienttilsyn", "Ikke besvart", "11"]
    ]


def test_a_form_leads_to_its_history_and_that_to_the_whole_course(site):
    course_id, coordinator = site.register(), site.browser("LC")
    own, whole = f"{address(course_id)}/history", f"/courses/{course_id}/history"
    assert f'href="{own}"' in coordinator.get(address(course_id)).text
    assert f'href="{whole}"' in coordinator.get(own).text
    assert f'href="{whole}"' in coordinator.get(f"/courses/{course_id}").text
    assert own not in site.browser("LU").get(address(course_id)).text
