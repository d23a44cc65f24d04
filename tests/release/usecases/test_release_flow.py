"""From an application to a decision."""

from __future__ import annotations

import pytest

from services.release.domain.application import Choice
from services.release.domain.errors import FormRefused, NotFound, RuleBroken
from services.release.domain.research import tidy
from services.release.store.tables import ApplicationRow, StepRow, VoteRow
from services.release.usecases.apply import remove_draft, save_draft
from services.release.usecases.decide import decide, start_voting, vote
from shared.auth.principal import Role
from shared.testing.web import a_user
from tests.release.world import FORM, FORMS, KARI, MANAGER, MEMBER, OLA, SECRETARY


@pytest.mark.req("REL-02", "REL-04", "REL-12")
def test_an_application_is_submitted_voted_on_and_decided(world):
    world.approved()

    assert world.rows(ApplicationRow.state) == ["approved"]
    assert world.rows(StepRow.step) == ["drafted", "submitted", "voting_started", "voted", "approved"]


@pytest.mark.req("REL-01")
def test_a_draft_keeps_what_is_not_right_yet(world):
    application_id = world.draft(tidy({"title": "Bare en tittel", "from_on": "i fjor"}, [], is_commercial=False))
    with pytest.raises(FormRefused) as refused:
        world.send(application_id)

    assert refused.value.errors["from_on"] == "date_malformed"
    assert world.rows(ApplicationRow)[0].content["from_on"] == "i fjor"
    assert world.rows(ApplicationRow.state) == ["draft"]


@pytest.mark.req("REL-02", "REL-03")
@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"rec_number": ""}, {"rec_number": "rec_approval_missing"}),
        ({"legal_basis": "because"}, {"legal_basis": "required"}),
        ({"recipient_key": "age1nonsense"}, {"recipient_key": "recipient_key_malformed"}),
        ({"to_on": "2023-01-01"}, {"to_on": "period_ends_before_it_begins"}),
        ({"to_on": "2027-01-01"}, {"to_on": "date_in_future"}),
        ({"ends_on": "2026-11-21"}, {"ends_on": "date_in_past"}),
        ({"title": "x" * 201}, {"title": "too_long"}),
    ],
)
def test_faults_are_told_by_field(world, change, errors):
    application_id = world.draft(tidy({**FORM, **change}, FORMS, is_commercial=False))
    with pytest.raises(FormRefused) as refused:
        world.send(application_id)

    assert refused.value.errors == errors


@pytest.mark.req("REL-03")
@pytest.mark.parametrize(("forms", "is_commercial", "field"), [((), False, "forms"), (FORMS, True, "is_commercial")])
def test_no_forms_and_business_are_refused(world, forms, is_commercial, field):
    application_id = world.draft(tidy(FORM, forms, is_commercial=is_commercial))
    with pytest.raises(FormRefused) as refused:
        world.send(application_id)

    assert set(refused.value.errors) == {field}


@pytest.mark.req("REL-02")
def test_what_is_sent_in_is_not_changed_any_more(world):
    application_id = world.received()

    for change in (
        lambda: save_draft(application_id, {}, by=KARI, uow=world.uow),
        lambda: remove_draft(application_id, by=KARI, uow=world.uow),
        lambda: world.send(application_id),
    ):
        with pytest.raises(RuleBroken, match="application_is_not_draft"):
            change()


def test_a_draft_can_be_thrown_away(world):
    remove_draft(world.draft(), by=KARI, uow=world.uow)

    assert world.rows(ApplicationRow.state) == []


def test_somebody_elses_application_does_not_exist(world):
    application_id = world.draft()

    with pytest.raises(NotFound):
        world.send(application_id, by=OLA)
    with pytest.raises(NotFound):
        save_draft(application_id, {}, by=OLA, uow=world.uow)


@pytest.mark.req("REL-04")
def test_drafts_and_other_registries_do_not_exist_for_reviewers(world):
    with pytest.raises(NotFound):
        start_voting(world.draft(), by=SECRETARY, uow=world.uow)
    with pytest.raises(NotFound):
        start_voting(world.received(), by=a_user(Role.SECRETARIAT, registry="norpain"), uow=world.uow)


@pytest.mark.req("REL-04")
def test_a_vote_may_be_changed_until_the_decision(world):
    application_id = world.voting()
    vote(application_id, by=MEMBER, choice=Choice.NO, comment="uklart formål", uow=world.uow)
    vote(application_id, by=MEMBER, choice=Choice.YES, comment=" avklart ", uow=world.uow)
    decide(application_id, by=MANAGER, reason="", uow=world.uow)

    assert [(row.choice, row.comment) for row in world.rows(VoteRow)] == [("yes", "avklart")]
    with pytest.raises(RuleBroken, match="no_vote_now"):
        vote(application_id, by=MEMBER, choice=Choice.NO, uow=world.uow)


@pytest.mark.req("REL-12")
def test_a_named_member_of_the_project_decides_nothing(world):
    application_id = world.voting()
    insider = a_user(Role.COUNCIL, user_id=8, name="Ida  statistikk")
    with pytest.raises(RuleBroken, match="own_application"):
        vote(application_id, by=insider, choice=Choice.YES, uow=world.uow)
