"""Files of the pages: packed for who reads gzip, the same for everybody else."""

from __future__ import annotations

import gzip

import pytest

from shared.web.static_files import FOLDER

pytestmark = [pytest.mark.req("OPS-07")]
PACKED = {"Accept-Encoding": "gzip, br"}


def test_a_style_is_packed_and_the_same_file(client):
    answer = client.get("/static/app.css", headers=PACKED)

    assert (answer.headers["Content-Encoding"], answer.mimetype) == ("gzip", "text/css")
    assert gzip.decompress(answer.data) == (FOLDER / "app.css").read_bytes()
    assert len(answer.data) == int(answer.headers["Content-Length"]) < (FOLDER / "app.css").stat().st_size / 2
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("name", ["app.css", "mark.svg"])
def test_who_does_not_read_gzip_gets_the_file_as_it_is(client, name):
    answer = client.get(f"/static/{name}", headers={"Accept-Encoding": "identity"})

    assert "Content-Encoding" not in answer.headers
    assert answer.data == (FOLDER / name).read_bytes()


def test_what_the_browser_has_is_not_sent_again(client):
    first = client.get("/static/app.css", headers=PACKED)
    again = client.get("/static/app.css", headers={**PACKED, "If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert "max-age=3600" in first.headers["Cache-Control"]


def test_pages_are_not_packed(client):
    assert "Content-Encoding" not in client.get("/health", headers=PACKED).headers
