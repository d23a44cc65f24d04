"""Styles, scripts and fonts of the pages; what is text goes out packed to browsers that read gzip.

Pages themselves are never packed: their size would tell what is in them beside what a stranger had put there.
"""

from __future__ import annotations

import gzip
import mimetypes
from functools import cache
from io import BytesIO
from pathlib import Path

from flask import Response, request, send_file, send_from_directory
from werkzeug.security import safe_join

from shared.web.headers import allow_caching

FOLDER = Path(__file__).parent.parent / "ui" / "static"
STATIC_SECONDS = 3600
PACKED = frozenset({".css", ".js", ".svg"})


def static_file(filename: str) -> Response:
    """One file, by its path under the folder; raises NotFound."""
    allow_caching()
    file = Path(safe_join(str(FOLDER), filename) or FOLDER)
    is_text = file.suffix in PACKED and file.is_file()
    if is_text and request.accept_encodings.quality("gzip"):
        answer = _sent_packed(file)
    else:
        answer = send_from_directory(FOLDER, filename, max_age=STATIC_SECONDS)
    if is_text:
        answer.vary.add("Accept-Encoding")
    return answer


def _sent_packed(file: Path) -> Response:
    changed_at = file.stat().st_mtime_ns
    kind = mimetypes.guess_type(file.name)[0]
    body = BytesIO(_packed(file, changed_at))
    answer = send_file(body, mimetype=kind, etag=f"{changed_at:x}-gzip", max_age=STATIC_SECONDS)
    answer.headers["Content-Encoding"] = "gzip"
    return answer


@cache
def _packed(file: Path, changed_at: int) -> bytes:
    _ = changed_at  # a file that was changed is packed anew
    return gzip.compress(file.read_bytes(), compresslevel=9, mtime=0)
