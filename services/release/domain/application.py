"""An application for data and the road it takes to a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from services.release.domain.errors import RuleBroken

_ANSWER_WITHIN = timedelta(days=21)
_DELIVER_WITHIN = timedelta(days=60)


class Kind(StrEnum):
    """What sort of data is asked for."""

    OWN_HOSPITAL = "own_hospital"
    SEVERAL_HOSPITALS = "several_hospitals"
    AGGREGATED = "aggregated"
    RESEARCH = "research"


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    RECEIVED = "received"
    CLARIFICATION = "clarification"
    VOTING = "voting"
    APPROVED = "approved"
    REJECTED = "rejected"


class Choice(StrEnum):
    """A council member's vote."""

    YES = "yes"
    NO = "no"
    CONFLICT = "conflict"  # conflict of interest: takes no part


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One member's vote; nobody votes twice."""

    member: str
    choice: Choice
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """Somebody who votes or decides: the id of the log-in, and the name as identity tells it."""

    actor: str
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Application:
    """What the rules need of an application. `people` are the names of those who take part in the project."""

    kind: Kind
    state: State
    applicant: str
    has_rec_approval: bool
    is_commercial: bool
    received_on: date | None = None
    decided_on: date | None = None
    people: frozenset[str] = frozenset()
    votes: tuple[Vote, ...] = ()


def submit(application: Application, *, today: date) -> Application:
    """The application received; research needs an approval by a regional ethics committee, business gets no data."""
    if application.state is not State.DRAFT:
        raise RuleBroken("application_is_not_draft")
    if application.is_commercial:
        raise RuleBroken("commercial_applicants_get_no_data")
    if application.kind is Kind.RESEARCH and not application.has_rec_approval:
        raise RuleBroken("rec_approval_missing")
    return replace(application, state=State.RECEIVED, received_on=today)


def start_voting(application: Application) -> Application:
    """Screened, and put before the council."""
    if application.state not in {State.RECEIVED, State.CLARIFICATION}:
        raise RuleBroken("application_is_not_screened_now")
    return replace(application, state=State.VOTING)


def vote(application: Application, *, by: Reviewer, choice: Choice, comment: str = "") -> Application:
    """The application with one vote more; a member may change the vote until the decision."""
    if application.state is not State.VOTING:
        raise RuleBroken("no_vote_now")
    check_impartial(application, by)
    others = tuple(v for v in application.votes if v.member != by.actor)
    return replace(application, votes=(*others, Vote(member=by.actor, choice=choice, comment=comment)))


def check_impartial(application: Application, by: Reviewer) -> None:
    """Raise if the reviewer is the applicant or bears the name of somebody in the project."""
    if by.actor == application.applicant or _plain(by.name) in {_plain(name) for name in application.people if name}:
        raise RuleBroken("nobody_decides_on_own_application")


def decide(application: Application, *, by: Reviewer, reason: str, today: date) -> Application:
    """Approved with a majority of the votes given, else rejected; a rejection must say why."""
    if application.state is not State.VOTING:
        raise RuleBroken("no_decision_now")
    check_impartial(application, by)
    if not _counted(application.votes):
        raise RuleBroken("no_votes_yet")
    if _is_approved(application.votes):
        return replace(application, state=State.APPROVED, decided_on=today)
    if not reason.strip():
        raise RuleBroken("rejection_needs_reason")
    return replace(application, state=State.REJECTED, decided_on=today)


def answer_by(received_on: date) -> date:
    """When the applicant has a right to an answer, at least a preliminary one."""
    return received_on + _ANSWER_WITHIN


def deliver_by(decided_on: date) -> date:
    """When the data are normally delivered."""
    return decided_on + _DELIVER_WITHIN


def _counted(votes: Sequence[Vote]) -> list[Vote]:
    return [v for v in votes if v.choice is not Choice.CONFLICT]


def _is_approved(votes: Sequence[Vote]) -> bool:
    counted = _counted(votes)
    return sum(v.choice is Choice.YES for v in counted) * 2 > len(counted)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
