"""How often links and codes to a new password may be asked for and tried, also when many come at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from services.identity.domain.errors import FormRefused, MustWait, RuleBroken
from tests.identity.lost_password import NEW, ask, link_of, proof_of, prove, replace, send_code, wrong
from tests.identity.usecases.test_log_in import change
from tests.identity.usecases.test_throttle import CountingHasher
from tests.identity.world import PASSWORD


@pytest.mark.req("IDN-05", "IDN-11", "IDN-16")
def test_known_and_unknown_names_take_the_same_work(lite):
    statements, done = [], {}
    lite.add("kari")
    lite.hasher = CountingHasher(lite.hasher)
    event.listen(lite.database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for number, name in enumerate(("kari", "ukjent")):
        ask(lite, name, address=f"198.51.100.{number}")
        done[name] = list(statements)
        statements.clear()

    assert done["kari"] == done["ukjent"] != []
    assert lite.hasher.asked == 0
    assert len(lite.jobs("send_link")) == 2


@pytest.mark.req("IDN-05", "IDN-11", "IDN-16")
def test_a_link_has_five_tries_however_many_codes_it_asks_for(identity):
    identity.add("kari")
    link = link_of(identity)
    code = send_code(identity, link)
    for number in range(5):
        with pytest.raises(RuleBroken, match="wrong_code"):
            prove(identity, link, wrong(code))
        code = send_code(identity, link) if number == 2 else code

    with pytest.raises(RuleBroken, match="too_many_wrong_codes"):
        prove(identity, link, code)


@pytest.mark.req("IDN-05", "IDN-11", "IDN-16")
def test_many_codes_at_once_are_looked_at_five_times(identity):
    identity.add("kari")
    link = link_of(identity)
    code = int(send_code(identity, link))
    identity.hasher = CountingHasher(identity.hasher)

    def type_in(typed):
        try:
            return prove(identity, link, typed)
        except RuleBroken as broken:
            return broken.code

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(type_in, [f"{(code + n) % 10**6:06d}" for n in range(1, 41)]))
    assert (answers.count("wrong_code"), identity.hasher.asked) == (5, 5)


@pytest.mark.req("IDN-05", "IDN-16")
def test_the_right_code_and_the_new_password_count_once_though_many_come(identity):
    identity.add("kari")
    link = link_of(identity)
    code = send_code(identity, link)

    with ThreadPoolExecutor(5) as pool:
        proofs = [p for p in pool.map(lambda _: tried(lambda: prove(identity, link, code)), range(5)) if p]
        set_by = list(pool.map(lambda n: tried(lambda: replace(identity, proofs[0], f"{NEW}{n}") or "set"), range(5)))

    assert (len(proofs), set_by.count("set")) == (1, 1)


@pytest.mark.req("IDN-05", "IDN-11")
def test_a_new_password_ends_the_wait_after_old_ones_typed_wrong(lite):
    lite.add("kari")
    done = lite.log_in("kari")
    for _ in range(5):
        with pytest.raises(FormRefused):
            change(lite, done, "feil", NEW)
    with pytest.raises(MustWait):
        change(lite, done, PASSWORD, NEW)

    replace(lite, proof_of(lite))

    change(lite, lite.log_in("kari", NEW), NEW, PASSWORD)


def tried(act):
    try:
        return act()
    except RuleBroken:
        return None


@pytest.mark.req("IDN-11", "IDN-16")
@pytest.mark.parametrize("name", ["kari", "finnes.ikke"])
def test_five_links_then_waits_that_a_new_password_ends(identity, name):
    identity.add("kari")
    for _ in range(4):
        ask(identity, name)
    proof = proof_of(identity)
    if name != "kari":
        ask(identity, name)

    with pytest.raises(MustWait):
        ask(identity, name)
    replace(identity, proof)
    if name == "kari":
        ask(identity, name)
    identity.move(days=1)
    ask(identity, name)


@pytest.mark.req("IDN-11", "IDN-16")
def test_many_wishes_at_once_become_five_links_a_name_and_thirty_one_an_address(identity):
    identity.add("kari")

    def wish(given):
        try:
            ask(identity, *given)
        except MustWait:
            return 0
        return 1

    with ThreadPoolExecutor(16) as pool:
        one_name = sum(pool.map(wish, [("kari", f"198.51.100.{n}") for n in range(60)]))
        one_address = sum(pool.map(wish, [(f"navn{n}", "203.0.113.5") for n in range(60)]))
    assert (one_name, one_address) == (5, 31)
    assert len(identity.jobs("send_link")) == 36
