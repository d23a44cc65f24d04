"""From an approved application to a download, and what a reservation calls back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pyrage
import pytest

from services.release.domain.errors import NotFound, RuleBroken
from services.release.store.tables import ApprovalRow, DeliveryRow, StepRow
from services.release.usecases.call_back import confirm_erasure, erase_person, recall_extracts
from services.release.usecases.deliver import take_failure
from services.release.usecases.keep_files import FileUnusable, expire
from shared.auth.principal import Role
from shared.contracts.release import AccessExpired, Delivered, ExtractRequested, PersonErased
from shared.testing.web import a_user
from tests.release.world import FILE, KARI, MANAGER, OLA, SECRET_KEY, STATISTICIAN

CASE = "1a" * 16


def erase(world, *extracts):
    """The use case and, as the worker would, its job."""
    erase_person(CASE, extracts, uow=world.uow)
    for name, arguments in world.jobs():
        if name == "confirm_erasure":
            confirm_erasure(**arguments, files=world.files, uow=world.uow)


@pytest.mark.req("REL-07")
def test_no_extract_without_an_approved_application(world):
    with pytest.raises(RuleBroken, match="application_is_not_approved"):
        world.order(world.voting())


@pytest.mark.req("REL-07", "BUS-02")
def test_the_extract_is_asked_for_with_what_was_approved_and_no_identity(world):
    world.ordered()
    asked = world.events()[-1]

    assert isinstance(asked, ExtractRequested)
    assert {name.split(".")[0] for name in asked.variables} == {"to", "hads"}
    assert (str(asked.from_on), str(asked.to_on)) == ("2024-01-01", "2025-12-31")
    assert len(asked.organisations) == 13


@pytest.mark.req("REL-07")
def test_variables_that_tell_who_somebody_is_never_leave(world):
    everything = world.catalog["smertereg"].variables([form.key for form in world.catalog["smertereg"].forms])

    assert not {"po.phone", "po.email", "po.name"} & set(everything)
    assert "to.supervision" in everything


@pytest.mark.req("REL-07")
def test_one_delivery_at_a_time(world):
    application_id = world.approved()
    world.order(application_id)
    with pytest.raises(RuleBroken, match="delivery_is_under_way"):
        world.order(application_id)


@pytest.mark.req("REL-07")
def test_an_extract_that_failed_can_be_ordered_anew(world):
    delivery_id = world.ordered()
    row = world.delivery(delivery_id)
    take_failure(row.extract_id, "too_few_persons", uow=world.uow)

    assert (world.delivery(delivery_id).state, world.delivery(delivery_id).failure) == ("failed", "too_few_persons")
    assert world.order(row.application_id) != delivery_id


@pytest.mark.req("REL-07")
def test_a_file_that_is_not_what_was_told_is_not_kept(world):
    extract_id = world.make(world.ordered())
    world.put(extract_id, FILE + b"!")
    with pytest.raises(FileUnusable):
        world.fetch(extract_id)

    assert world.files.read(extract_id) is None


@pytest.mark.req("REL-07")
def test_nothing_is_approved_before_the_file_is_here(world):
    delivery_id = world.ordered()
    world.make(delivery_id)
    with pytest.raises(RuleBroken, match="file_is_not_here_yet"):
        world.agree(delivery_id, MANAGER)


@pytest.mark.req("REL-07")
def test_two_persons_open_a_delivery_and_the_recipient_downloads_once(world):
    delivery_id = world.opened()
    with pytest.raises(NotFound):
        world.hand_out(delivery_id, by=OLA)
    handed = world.hand_out(delivery_id)

    assert pyrage.decrypt(handed.content, [SECRET_KEY]) == b"pseudonym;supervision\n"
    with pytest.raises(RuleBroken, match="delivery_is_not_open"):
        world.hand_out(delivery_id)
    assert isinstance(world.events()[-1], Delivered)
    assert world.jobs()[-1][0] == "discard_extract"


@pytest.mark.req("REL-07")
def test_one_person_twice_and_small_cells_do_not_open_a_delivery(world):
    delivery_id = world.ready(smallest_cell=2)
    with pytest.raises(RuleBroken, match="small_cells_not_accepted"):
        world.agree(delivery_id, MANAGER)
    world.agree(delivery_id, MANAGER, accepts_small_cells=True)
    with pytest.raises(RuleBroken, match="second_person_must_approve"):
        world.agree(delivery_id, MANAGER, accepts_small_cells=True)
    with pytest.raises(NotFound):
        world.agree(delivery_id, a_user(Role.MANAGER, registry="norpain"), accepts_small_cells=True)

    assert world.delivery(delivery_id).state == "ready"


@pytest.mark.req("REL-07")
def test_of_two_downloads_at_once_one_gets_the_file(world):
    delivery_id, results = world.opened(), []
    start = threading.Barrier(2)

    def take():
        start.wait()
        try:
            results.append(world.hand_out(delivery_id).content)
        except RuleBroken as broken:
            results.append(broken.code)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(map(str, results)) == sorted([str(FILE), "delivery_is_not_open"])
    assert sum(isinstance(event, Delivered) for event in world.events()) == 1


@pytest.mark.req("RES-05", "REL-07")
def test_an_undelivered_file_is_deleted_and_made_anew_without_the_reserved_person(world):
    delivery_id = world.opened()
    old = world.delivery(delivery_id).extract_id
    erase(world, old)

    asked, receipt = world.events()[-2:]
    assert isinstance(asked, ExtractRequested)
    assert asked.extract_id != old
    assert receipt == PersonErased(case_id=CASE, projects=())
    assert world.files.read(old) is None
    assert (world.rows(DeliveryRow.state), world.rows(ApprovalRow)) == (["requested"], [])


@pytest.mark.req("RES-05", "REL-07")
def test_the_file_made_anew_needs_both_persons_again(world):
    delivery_id = world.opened()
    erase(world, world.delivery(delivery_id).extract_id)
    with pytest.raises(RuleBroken, match="delivery_is_not_open"):
        world.hand_out(delivery_id)
    world.fetch(world.make(delivery_id))
    for person in (STATISTICIAN, MANAGER):
        world.agree(delivery_id, person)

    assert world.hand_out(delivery_id, by=KARI).content == FILE


@pytest.mark.req("RES-05")
def test_a_file_called_back_while_it_is_fetched_is_not_kept(world):
    extract_id = world.make(world.ordered())
    fetch = world.extracts.fetch

    def fetch_slowly(name):
        content = fetch(name)
        erase_person(CASE, [name], uow=world.uow)
        return content

    world.extracts.fetch = fetch_slowly
    world.fetch(extract_id)

    assert world.files.read(extract_id) is None


@pytest.mark.req("RES-05", "BUS-03")
def test_news_of_an_old_extract_changes_nothing(world):
    delivery_id = world.opened()
    old = world.make(delivery_id)
    assert world.delivery(delivery_id).state == "approved"
    erase(world, old)
    take_failure(old, "late", uow=world.uow)
    world.fetch(old)

    assert (world.delivery(delivery_id).state, world.delivery(delivery_id).fetched_at) == ("requested", None)


@pytest.mark.req("RES-06")
def test_a_delivered_file_is_named_with_its_project(world):
    delivery_id = world.opened()
    world.hand_out(delivery_id)
    erase(world, *world.rows(DeliveryRow.extract_id))

    assert world.events()[-1].projects == tuple(world.rows(DeliveryRow.project_id))


@pytest.mark.req("RES-05")
def test_a_person_in_no_file_is_confirmed_at_once(world):
    erase_person(CASE, ["3c" * 16], uow=world.uow)

    assert world.events() == [PersonErased(case_id=CASE, projects=())]


@pytest.mark.req("REL-07", "REL-08")
def test_a_file_nobody_comes_for_is_over_after_thirty_days(world):
    delivery_id = world.opened()
    world.clock.move(timedelta(days=30))
    with pytest.raises(RuleBroken, match="delivery_is_not_open"):
        world.hand_out(delivery_id)
    expire(uow=world.uow)

    assert world.delivery(delivery_id).state == "expired"
    assert world.jobs()[-1] == ("discard_extract", {"extract_id": world.delivery(delivery_id).extract_id})
    assert world.order(world.delivery(delivery_id).application_id)


@pytest.mark.req("REL-08")
def test_the_right_to_use_ends_with_the_project_and_is_told_once(world):
    world.hand_out(world.opened())
    world.clock.move(timedelta(days=4 * 365))
    expire(uow=world.uow)
    expire(uow=world.uow)

    assert [type(event) for event in world.events()][-2:] == [Delivered, AccessExpired]
    assert world.rows(StepRow.step)[-1] == "use_ended"


@pytest.mark.req("REG-09", "REL-07")
def test_a_withdrawn_consent_has_an_undelivered_file_made_anew(world):
    delivery_id = world.opened()
    old = world.delivery(delivery_id).extract_id
    recall_extracts([old, "0e" * 16], uow=world.uow)

    asked = world.events()[-1]
    assert isinstance(asked, ExtractRequested)
    assert asked.extract_id != old
    assert world.delivery(delivery_id).state == "requested"
    assert ("discard_extract", {"extract_id": old}) in world.jobs()


@pytest.mark.req("REG-09", "REL-07")
def test_a_file_that_is_out_stays_out(world):
    delivery_id = world.opened()
    old = world.delivery(delivery_id).extract_id
    world.hand_out(delivery_id, by=KARI)
    recall_extracts([old], uow=world.uow)

    assert (world.delivery(delivery_id).extract_id, world.delivery(delivery_id).state) == (old, "downloaded")
