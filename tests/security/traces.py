"""Look for what tells who somebody is in everything that programs leave behind: files, logs, queues, addresses."""

from __future__ import annotations

import base64
import html
import json
import os
import subprocess
from collections import Counter
from pathlib import Path
from urllib.parse import quote

_SHORTEST = 6  # what is left of a value between the edges of its base64 may not be shorter


def forms_of(value):
    """A value as it could be written: plain, in other character sets, escaped, or as hexadecimal and base64 digits."""
    plain = value.encode()
    found = {plain, quote(value).encode(), html.escape(value).encode(), json.dumps(value)[1:-1].encode()}
    found |= {value.encode(charset, "ignore") for charset in ("latin-1", "utf-16-le", "utf-16-be")}
    found |= {plain.hex().encode(), plain.hex().upper().encode()}
    for digits in (base64.b64encode, base64.urlsafe_b64encode):
        found |= {_inner(digits, plain, shift) for shift in range(3)}
    return {form for form in found if len(form) >= min(_SHORTEST, len(plain))}


def _inner(digits, plain, shift):
    """The base64 digits that depend on the value alone when `shift` other bytes come before it."""
    text = digits(bytes(shift) + plain)
    first, last = -(-shift * 8 // 6), (shift + len(plain)) * 8 // 6
    return text[first:last]


def search(folder, values, without=()):
    """Count where which kind of value is: `values` maps a value to its kind; `without` begins what is not searched."""
    kinds = {form: kind for value, kind in values.items() for form in forms_of(value)}
    files = [str(path) for path in sorted(folder.rglob("*")) if path.is_file() and not _is_in(path, folder, without)]
    command = ["grep", "-a", "-o", "-H", "-Z", "-F", "-f", "-", "--", *files]
    given = b"\n".join(sorted(kinds))
    done = subprocess.run(command, input=given, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})
    assert done.returncode in {0, 1}, done.stderr.decode(errors="replace")
    hits = [line.split(b"\0", 1) for line in done.stdout.split(b"\n")[:-1]]
    return Counter((Path(os.fsdecode(path)).relative_to(folder).as_posix(), kinds[form]) for path, form in hits)


def _is_in(path, folder, names):
    return path.relative_to(folder).parts[0].startswith(tuple(names))
