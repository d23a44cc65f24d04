"""Files of deliveries in their folder, the extract fetched over HTTP with a token, and the jobs that do it."""

from __future__ import annotations

import stat

import pytest

from services.release.gateways.delivery_files import FolderOfFiles
from services.release.handlers import HANDLERS
from services.release.worker import jobs, make_worker
from shared.auth.errors import ServiceUnavailable
from shared.contracts.identity import SessionsRevoked
from shared.contracts.registration import ExtractFailed, ExtractReady, PersonErased
from shared.contracts.release import PersonErased as Confirmed
from shared.testing.web import sign_in
from tests.release.world import FILE, MANAGER

NAME = "3c" * 16


@pytest.mark.req("REL-07")
def test_a_file_is_kept_for_its_owner_only(tmp_path):
    files = FolderOfFiles(tmp_path / "release")
    files.write(NAME, FILE)
    (kept,) = (tmp_path / "release").iterdir()

    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert files.read(NAME) == FILE
    files.remove(NAME)
    files.remove(NAME)
    assert files.read(NAME) is None


@pytest.mark.parametrize("name", ["../../keys/client_secrets", "", "3c" * 15 + "/."])
def test_a_name_that_is_no_id_reaches_no_file(tmp_path, name):
    with pytest.raises(ValueError, match="not the id"):
        FolderOfFiles(tmp_path).read(name)


@pytest.mark.req("REL-07")
def test_the_worker_fetches_what_registration_has_made_and_throws_it_away(site):
    world, work = site.world(), jobs(site.parts)
    delivery_id = world.ordered()
    extract_id = world.make(delivery_id)
    work["fetch_extract"]({"extract_id": extract_id})

    assert site.means.files.read(extract_id) == FILE
    assert world.delivery(delivery_id).fetched_at is not None
    work["discard_extract"]({"extract_id": extract_id})
    assert site.means.files.read(extract_id) is None


@pytest.mark.req("REL-07")
def test_a_registration_that_is_away_is_asked_again_later(site):
    extract_id = site.world().make(site.world().ordered())
    site.registration.is_broken = True
    with pytest.raises(ServiceUnavailable):
        jobs(site.parts)["fetch_extract"]({"extract_id": extract_id})


def test_the_worker_knows_every_job_and_daily_run(site):
    worker = make_worker(site.settings, site.parts)
    worker.jobs.run_due()
    site.clock.move(site.hour)
    worker.jobs.run_due()

    assert site.failed_jobs() == []


@pytest.mark.req("RES-05", "REL-07")
def test_a_reservation_deletes_the_file_from_the_folder_and_a_new_one_is_fetched(site):
    world, worker = site.world(), make_worker(site.settings, site.parts)
    delivery_id = world.ordered()
    old = world.make(delivery_id)
    worker.jobs.run_due()
    assert site.means.files.read(old) == FILE
    HANDLERS[PersonErased](PersonErased(case_id="1a" * 16, registry="smertereg", pid=7, extracts=(old,)), site.uow)
    worker.jobs.run_due()

    assert site.means.files.read(old) is None
    assert world.events()[-1] == Confirmed(case_id="1a" * 16, projects=())
    world.make(delivery_id)
    worker.jobs.run_due()
    assert world.delivery(delivery_id).fetched_at is not None


@pytest.mark.req("REL-07")
def test_news_of_registration_reach_the_delivery(site):
    world = site.world()
    delivery_id, row = world.ordered(), site.deliveries()[0]
    told = {"extract_id": row.extract_id, "delivery_id": delivery_id}
    HANDLERS[ExtractReady](ExtractReady(**told, persons=9, rows=12, smallest_cell=6, sha256="6f" * 32), site.uow)
    HANDLERS[ExtractFailed](ExtractFailed(**told, code="late"), site.uow)

    row = world.delivery(delivery_id)
    assert (row.state, row.persons, row.rows, row.smallest_cell) == ("ready", 9, 12, 6)


@pytest.mark.req("IDN-08")
def test_somebody_signed_out_by_identity_is_out_here_too(site):
    browser = site.browser()
    sign_in(browser, MANAGER)
    assert browser.get("/review/").status_code == 200
    HANDLERS[SessionsRevoked](SessionsRevoked(user_id=3, not_before=site.clock.now()), site.uow)

    assert browser.get("/review/").status_code == 302
