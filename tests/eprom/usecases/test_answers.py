"""Answers are kept until registration holds them, and no longer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from services.eprom.domain.errors import RuleBroken
from services.eprom.store.tables import AnswerRow, Base, SentRow
from services.eprom.usecases.answer_form import erase_person, forget_answers, save_answers, submit_answers
from services.eprom.usecases.messages import FIRST
from services.eprom.usecases.send_form import send_form
from tests.eprom.usecases.world import World

DOCUMENT = {"form": "pasreg", "version": 1, "answers": {"sleep_before": 3}}


@pytest.fixture
def world(make_database):
    return World(make_database(Base.metadata))


@pytest.fixture
def order_id(world):
    order_id = world.order()
    send_form(order_id, FIRST, post=world.post, uow=world.uow)
    return order_id


def save(world, order_id, document=DOCUMENT):
    save_answers(order_id, lambda _: document, definition_version=1, uow=world.uow)


def rows(world, table):
    with world.database.reading() as session:
        return session.scalars(select(table)).all()


@pytest.mark.req("EPR-01")
def test_answers_are_saved_as_the_patient_goes(world, order_id):
    save(world, order_id)
    save(world, order_id, DOCUMENT | {"answers": {"sleep_before": 4}})

    assert rows(world, AnswerRow)[0].document["answers"] == {"sleep_before": 4}


@pytest.mark.req("EPR-01")
def test_a_second_window_builds_on_what_the_first_has_saved(world, order_id):
    save(world, order_id)
    save_answers(order_id, lambda kept: {**kept, "confirmed": ["x=1"]}, definition_version=1, uow=world.uow)

    assert rows(world, AnswerRow)[0].document == DOCUMENT | {"confirmed": ["x=1"]}


@pytest.mark.req("EPR-08", "EPR-09")
def test_a_submission_is_told_once_and_cannot_be_changed(world, order_id):
    save(world, order_id)
    submit_answers(order_id, uow=world.uow)

    with pytest.raises(RuleBroken, match="form_is_not_open"):
        submit_answers(order_id, uow=world.uow)
    with pytest.raises(RuleBroken, match="form_is_not_open"):
        save(world, order_id)
    assert world.event_names()[-1] == "FormAnswered"


@pytest.mark.req("EPR-09", "BUS-02")
def test_the_event_says_that_there_are_answers_but_not_which(world, order_id):
    save(world, order_id)
    submit_answers(order_id, uow=world.uow)

    assert "sleep" not in repr(world.events())


@pytest.mark.req("EPR-09")
def test_answers_are_erased_when_registration_has_stored_them(world, order_id):
    save(world, order_id)
    submit_answers(order_id, uow=world.uow)
    forget_answers(order_id, uow=world.uow)

    assert rows(world, AnswerRow) == []
    assert world.row(order_id).state == "stored"


def test_nothing_answered_is_not_a_submission(world, order_id):
    with pytest.raises(RuleBroken, match="nothing_answered"):
        submit_answers(order_id, uow=world.uow)


@pytest.mark.req("RES-05", "EPR-10")
def test_an_erased_person_leaves_no_order_answer_or_message(world, order_id):
    save(world, order_id)
    erase_person("1a" * 16, 5, "smertereg", uow=world.uow)

    assert (world.row(order_id), rows(world, AnswerRow), rows(world, SentRow)) == (None, [], [])
    assert world.event_names()[-1] == "PersonErased"


@pytest.mark.req("RES-05")
def test_a_person_eprom_never_knew_is_confirmed_at_once(world):
    erase_person("1a" * 16, None, "smertereg", uow=world.uow)

    assert world.event_names() == ["PersonErased"]
