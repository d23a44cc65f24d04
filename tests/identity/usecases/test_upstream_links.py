"""Links with upstream accounts: one account there is one user here, however many ask at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from services.identity.domain.errors import RuleBroken
from services.identity.domain.upstream import Proven, Upstream
from services.identity.usecases.link_upstream import link_upstream, unlink_upstream
from services.identity.usecases.log_in_upstream import log_in_upstream
from services.identity.usecases.visitor import Visitor

pytestmark = pytest.mark.req("IDN-09")
NAMES = [f"navn{number}" for number in range(4)]


def proven(identity, subject="a"):
    subject_hash = identity.seals.upstream_hash("http://provider.test", subject)
    return Proven(upstream=Upstream.HELSEID, subject_hash=subject_hash, at=identity.clock.now())


def link(identity, sid, shown):
    try:
        link_upstream(sid, shown, messages=identity.messages, uow=identity.uow)
    except RuleBroken as broken:
        return broken.code
    return "linked"


def log_in(identity, shown):
    visitor = Visitor(address="192.0.2.1")
    return log_in_upstream(shown.subject_hash, visitor=visitor, messages=identity.messages, uow=identity.uow)


def test_of_several_users_who_link_the_same_log_in_at_once_one_gets_it(identity):
    sids = {}
    for name in NAMES:
        identity.add(name)
        sids[name] = identity.log_in(name).sid
    shown = proven(identity)

    with ThreadPoolExecutor(4) as pool:
        answers = dict(zip(NAMES, pool.map(lambda name: link(identity, sids[name], shown), NAMES), strict=True))

    assert sorted(answers.values()) == ["linked"] + ["upstream_taken"] * 3
    winner = next(name for name, answer in answers.items() if answer == "linked")
    with identity.uow() as store:
        owner = store.users.find(identity.seals.user_name_hash(winner)).user_id
    assert log_in(identity, shown).user_id == owner


def test_a_user_who_links_twice_at_once_has_one_link(identity):
    identity.add("kari")
    sid, shown = identity.log_in("kari").sid, [proven(identity, subject) for subject in "abcd"]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda one: link(identity, sid, one), shown))

    assert "linked" in answers
    assert len([one for one in shown if log_in(identity, one) is not None]) == 1


def test_what_was_proven_too_long_ago_or_not_at_all_is_not_linked(lite):
    lite.add("kari")
    shown = proven(lite)
    lite.move(minutes=10)
    sid = lite.log_in("kari").sid

    assert [link(lite, sid, one) for one in (shown, None)] == ["upstream_over"] * 2


def test_link_and_removal_wait_for_a_fresh_second_factor_and_are_told_once(lite):
    user_id = lite.add("kari")
    sid = lite.log_in("kari").sid
    link(lite, sid, proven(lite))
    lite.clock.move(timedelta(minutes=5, seconds=1))
    assert link(lite, sid, proven(lite, "b")) == "factor_not_fresh"
    with pytest.raises(RuleBroken, match="factor_not_fresh"):
        unlink_upstream(sid, messages=lite.messages, uow=lite.uow)

    sid = lite.log_in("kari").sid
    for _ in range(2):
        unlink_upstream(sid, messages=lite.messages, uow=lite.uow)
    acts = [change for _, what, _, change in lite.log() if what == f"user:{user_id}/factors"]
    assert acts == [{"factor": "upstream_added"}, {"factor": "upstream_removed"}]
    assert len(lite.sent("email")) == 1  # the log-in has read the first
