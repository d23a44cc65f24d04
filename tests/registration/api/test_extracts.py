"""Release fetches a finished extract."""

from __future__ import annotations

import pytest

from services.registration.store.tables import ExtractRow

EXTRACT = "0123456789abcdef" * 2


def make(site, state="ready"):
    site.means.files.write(EXTRACT, b"sealed")
    with site.uow() as store:
        request = {"registry": "smertereg"}
        store.add(ExtractRow(extract_id=EXTRACT, delivery_id="d1", project_id="p1", request=request, state=state))


def fetch(site, headers=None, extract_id=EXTRACT):
    headers = site.bearer("release") if headers is None else headers
    return site.visitor().get(f"/api/extracts/{extract_id}", headers=headers)


@pytest.mark.req("REL-07", "GEN-06")
def test_a_finished_file_is_given_and_logged(both):
    make(both)
    answer = fetch(both)

    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"sealed", "application/octet-stream")
    entry = both.log()[-1]
    assert (entry.actor, entry.object, entry.reason) == ("service:release", f"extract:{EXTRACT}", "project:p1")


@pytest.mark.req("RES-05")
@pytest.mark.parametrize("state", ["requested", "failed", "withdrawn"])
def test_a_file_that_is_not_ready_or_taken_back_is_not_found(site, state):
    make(site, state)

    assert fetch(site).status_code == 404
    assert [(entry.action, entry.reason) for entry in site.log()] == [("denied", "refused")]


def test_what_is_no_extract_is_not_found(site):
    assert fetch(site, extract_id="nothing").status_code == 404
    assert fetch(site).status_code == 404


@pytest.mark.req("BUS-05")
@pytest.mark.parametrize(
    ("service", "audience", "status"),
    [("eprom", "registration", 403), ("identity", "registration", 403), ("release", "release", 401)],
)
def test_nobody_but_release_is_given_a_file(site, service, audience, status):
    make(site)

    assert fetch(site, site.bearer(service, audience)).status_code == status
    assert fetch(site, {}).status_code == 401
