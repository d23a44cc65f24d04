"""What Helsenorge's filling service says of a form that it showed: which task it was, and who has answered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from services.eprom.domain.representation import FilledOutBy

HELSENORGE = "helsenorge"
TASK_SYSTEM, TASK_PREFIX = "urn:ietf:rfc:3986", "urn:uuid:"


def filled_out_by(response: object) -> FilledOutBy:
    """Whose hand the answers are from; what lies under a child there, a parent may answer."""
    source = response.get("source") if isinstance(response, Mapping) else None
    is_parent = isinstance(source, Mapping) and source.get("type") == "RelatedPerson"
    return FilledOutBy.PARENT if is_parent else FilledOutBy.PATIENT


def task_named(response: object) -> str | None:
    """The identifier of the one task that a response is based on, as a UUID; None where it names none, or several."""
    based_on = response.get("basedOn") if isinstance(response, Mapping) else None
    if not isinstance(based_on, list) or len(based_on) != 1:
        return None
    identifier: Any = based_on[0].get("identifier") if isinstance(based_on[0], Mapping) else None
    if not isinstance(identifier, Mapping) or identifier.get("system") != TASK_SYSTEM:
        return None
    written = str(identifier.get("value"))
    try:
        return str(uuid.UUID(written.removeprefix(TASK_PREFIX))) if written.startswith(TASK_PREFIX) else None
    except ValueError:
        return None
