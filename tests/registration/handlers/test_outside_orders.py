"""What eprom tells of other registries' orders is of no course of ours: it is read, and nothing comes of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from services.eprom.store.tables import KIT as EPROM
from services.eprom.usecases.answer_form import submit_answers
from services.registration.handlers import HANDLERS
from services.registration.store.tables import KIT, Base
from shared.outbox.inbox import Inbox, Result
from shared.outbox.relay import envelope_of
from tests.eprom.outside_site import OutsideSite
from tests.eprom.pages.patient import answer, patient
from tests.eprom.site import INGER, KARI, NUMBERS, OLA

READ = {KIT.outbox.inbox.name, KIT.outbox.inbox_position.name}


@pytest.fixture
def told(tmp_path):
    """Everything that eprom has told of an order that was answered, one that reached nobody, and one of a dead person."""
    folder = tmp_path / "eprom"
    folder.mkdir()
    eprom = OutsideSite(folder, f"sqlite:///{folder}/eprom.sqlite")
    answered = eprom.ordered(KARI)
    eprom.ordered(OLA, distributionRule="HelsenorgeOnly")
    eprom.ordered(INGER)
    eprom.alive.remove(NUMBERS[INGER])
    eprom.work()
    answer(patient(eprom, eprom.row(answered).pid), answered, "sleep_before_admission", "3")
    submit_answers(answered, uow=eprom.uow)
    with eprom.database.reading() as session:
        yield [envelope_of(row) for row in session.execute(select(EPROM.outbox.outbox).order_by("position"))]
    eprom.close()


def rows(site):
    with site.database.reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in READ]
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}


@pytest.mark.req("EPR-15", "BUS-03", "GEN-01")
def test_events_of_outside_orders_pass_by(site, told):
    site.register()
    before = rows(site)
    outcomes = Inbox(site.uow, HANDLERS).take(told)

    assert {envelope.event.course_id for envelope in told} == {0}
    assert all(envelope.event.pid < 0 for envelope in told)
    assert {type(envelope.event).__name__ for envelope in told} >= {
        "FormSent",
        "FormAnswered",
        "DeliveryFailed",
        "FormStopped",
    }
    assert [outcome.result for outcome in outcomes] == [Result.DONE] * len(told)
    assert rows(site) == before
