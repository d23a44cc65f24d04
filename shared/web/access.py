"""No log, no data: what a page shows of persons is in the access log before the page is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shared.audit.log import Access
from shared.outbox.unit_of_work import UnitOfWork
from shared.web.context import correlation_id, current_principal


def access_entry(*, pid: int | None, action: str, object_: str, reason: str) -> Access:
    """Return the entry for what the one who asks does now; `object_` such as "course:12/TO"."""
    principal = current_principal()
    entry = Access.by(principal, registry=principal.registry, pid=pid, action=action, object=object_, reason=reason)
    return entry._replace(correlation_id=correlation_id())


def log_access(
    uow: UnitOfWork[Any], pids: Iterable[int | None], *, object_: str, reason: str, action: str = "read"
) -> None:
    """Write and commit one entry a person before their data is shown; if that fails, the page fails.

    Call it in the door between the query and the template. A search that found nobody is logged with `[None]`.
    """
    entries = [access_entry(pid=pid, action=action, object_=object_, reason=reason) for pid in dict.fromkeys(pids)]
    if not entries:
        return
    with uow() as store:
        store.log_access(*entries)
