"""Extracts: what was approved and nothing else, without identity, for the recipient's eyes only."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pyrage
import pytest

from services.registration.domain.errors import NotFound
from services.registration.domain.form_state import FormState
from services.registration.handlers import HANDLERS
from services.registration.store.tables import KIT, Base, ExtractMemberRow, ExtractRow
from services.registration.usecases.make_extract import make_extract
from shared.contracts.registration import ExtractFailed, ExtractReady, PersonErased
from shared.contracts.release import Delivered
from shared.scheduling.jobs import JobWaits
from tests.registration.usecases.archive import EXTRACT, RECIPIENT, REQUEST, Archive, Stuck
from tests.registration.usecases.desk import LINE, NOW, OLA


@pytest.fixture
def archive(make_database):
    return Archive(make_database(Base.metadata))


@pytest.mark.req("REL-07")
def test_the_file_holds_what_was_approved_and_nothing_else(archive):
    archive.register(LINE)
    archive.register(OLA, referred_by=["request", "phone"], supervision=2)
    told = archive.make()

    rows = archive.rows_of()
    asked = {"Tilsett", "Tilsynsanmodnin", "TelefonCalling", "PRSpm3", "PRSpm3Mangler"}
    assert set(rows[0]) == {"person", "course", *asked}
    answers = sorted((row["Tilsett"], row["Tilsynsanmodnin"], row["TelefonCalling"], row["PRSpm3"]) for row in rows)
    assert answers == [("1", "0", "1", ""), ("2", "1", "1", "")]
    assert told == ExtractReady(
        extract_id=EXTRACT,
        delivery_id=REQUEST["delivery_id"],
        persons=2,
        rows=2,
        smallest_cell=1,
        sha256=archive.rows(ExtractRow)[0].sha256,
    )


@pytest.mark.req("REL-07", "GEN-04")
def test_a_person_is_a_pseudonym_of_the_project(archive):
    archive.register(LINE)
    archive.register(LINE, date(2026, 7, 1))
    archive.make()
    first = archive.rows_of()
    archive.ask(extract_id="0f" * 16, project_id="0b" * 16)
    make_extract("0f" * 16, kit=archive.kit, uow=archive.uow)

    assert [row["course"] for row in first] == ["1", "2"]
    assert len({row["person"] for row in first}) == 1
    plain = pyrage.decrypt(archive.files.read("0f" * 16), [RECIPIENT])
    assert first[0]["person"].encode() not in zipfile.ZipFile(io.BytesIO(plain)).read("data.csv")


@pytest.mark.req("REL-07", "REG-10")
@pytest.mark.parametrize(
    "values",
    [
        {"day": date(2025, 12, 31)},
        {"placement": "local"},
    ],
)
def test_only_national_courses_of_the_period_are_in_it(archive, values):
    archive.register(OLA, **values)

    assert archive.make().code == "nobody_found"


@pytest.mark.req("REL-07")
def test_other_organisations_and_unfinished_forms_are_left_out(archive):
    archive.register(LINE, state=FormState.IN_PROGRESS)
    archive.make()

    assert archive.rows_of()[0]["Tilsett"] == ""
    archive.ask(extract_id="0f" * 16, organisations=(100083,))
    make_extract("0f" * 16, kit=archive.kit, uow=archive.uow)
    assert archive.events()[-1].code == "nobody_found"


@pytest.mark.req("REL-07")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"variables": ("to.supervision", "to.nothing")}, "variable_unknown"),
        ({"variables": ("to.comment",)}, "variable_unknown"),
        ({"variables": ("po.phone",)}, "variable_unknown"),
        ({"variables": ()}, "variable_unknown"),
        ({"registry": "nowhere"}, "variable_unknown"),
        ({"recipient_key": "age1nobody"}, "recipient_key_wrong"),
    ],
)
def test_a_request_that_cannot_be_met_fails_with_its_reason(archive, change, code):
    archive.register(LINE)

    assert archive.make(**change) == ExtractFailed(extract_id=EXTRACT, delivery_id=REQUEST["delivery_id"], code=code)
    assert archive.rows(ExtractRow)[0].state == "failed"


@pytest.mark.req("REL-07")
def test_the_codebook_explains_the_codes(archive):
    archive.register(LINE)
    archive.make()

    lines = [tuple(row.values()) for row in archive.rows_of("codebook")]
    assert ("to.referred_by", "TelefonCalling", "choices", "Telefon/Calling", "", "1", "Ja") in lines
    assert ("to.supervision", "Tilsett", "choice", "Har pasienten fått tilsyn?", "", "1", "Ja") in lines


@pytest.mark.req("REL-07", "REG-09")
def test_rows_come_in_a_table_of_their_own_with_their_codes(archive):
    diagnoses = [
        {"id": "a", "pain_category": 1, "acute_category": 1, "procedure_code": "NFB20"},
        {"id": "b", "pain_category": 2},
    ]
    archive.write(archive.register(LINE), "b11", pain_diagnoses=diagnoses)
    archive.make(variables=("b11.pain_diagnoses", "to.supervision"))

    rows = archive.rows_of("b11.pain_diagnoses")
    assert [row["SmerteKat"] for row in rows] == ["1", "2"]
    assert {row["person"] for row in rows} == {row["person"] for row in archive.rows_of()}
    assert [row["Operasjonskode1"] for row in rows] == ["NFB20", ""]


@pytest.mark.req("GEN-06")
def test_every_person_in_it_is_in_the_access_log(archive):
    archive.register(LINE)
    archive.register(OLA)
    archive.make()
    log = KIT.audit.log
    with archive.database.reading() as session:
        entries = session.execute(log.select().where(log.c.action == "export")).all()

    assert {entry.pid for entry in entries} == {row.pid for row in archive.rows(ExtractMemberRow)}
    assert {entry.object for entry in entries} == {f"extract:{EXTRACT}"}


@pytest.mark.req("RES-05", "REL-07")
def test_a_person_who_has_reserved_is_out_before_the_erasing_is_done(archive):
    archive.register(LINE)
    archive.register(OLA)
    archive.reserve(LINE)

    assert archive.make().persons == 1


@pytest.mark.req("RES-05")
def test_a_reservation_takes_a_finished_extract_back(archive):
    archive.register(LINE)
    archive.register(OLA)
    archive.make()
    archive.reserve(LINE)
    archive.erase()

    assert archive.rows(ExtractRow)[0].state == "withdrawn"
    archive.confirm()
    with pytest.raises(NotFound):
        archive.files.read(EXTRACT)


@pytest.mark.req("RES-05", "BUS-05")
def test_no_receipt_is_sent_before_the_file_is_gone(archive):
    archive.register(LINE)
    archive.make()
    archive.reserve(LINE)
    archive.erase()
    archive.files = Stuck(archive.files._folder)
    with pytest.raises(OSError, match="busy"):
        archive.confirm()

    assert not [event for event in archive.events() if isinstance(event, PersonErased)]
    assert archive.persons.find(LINE) is not None


@pytest.mark.req("RES-05")
def test_a_reservation_while_the_file_is_made_takes_it_back(archive):
    archive.register(LINE)

    def reserve():
        archive.reserve(LINE)
        archive.erase()

    archive.package.meanwhile = reserve
    before = len(archive.events())
    archive.make()

    assert not [event for event in archive.events()[before:] if isinstance(event, ExtractReady)]
    assert not archive.files._folder.exists()


@pytest.mark.req("REG-21")
def test_a_course_deleted_while_the_file_is_made_has_it_made_again(archive):
    gone = archive.register(LINE)
    archive.register(OLA)

    def delete():
        with archive.uow() as store:
            store.remove_course(gone)

    archive.package.meanwhile = delete
    with pytest.raises(JobWaits):
        archive.make()
    archive.package.meanwhile = None

    assert archive.make().persons == 1


@pytest.mark.req("BUS-03")
def test_a_repeated_request_and_a_repeated_job_change_nothing(archive):
    archive.register(LINE)
    told = archive.make()
    archive.make()

    assert [event for event in archive.events() if isinstance(event, ExtractReady)] == [told]


@pytest.mark.req("REL-08")
def test_a_delivered_file_is_let_go(archive):
    facts = {"delivery_id": "d", "project_id": "p", "extract_id": EXTRACT, "delivered_at": NOW}
    HANDLERS[Delivered](Delivered(**facts), archive.uow)

    assert archive.jobs()["remove_extract"] == {"extract_id": EXTRACT}
