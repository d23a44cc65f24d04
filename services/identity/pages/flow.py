"""Where a visitor was going when the log-in came in between: kept in the session, several tabs side by side."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import request, session

from services.identity.domain.sign_on import Demand

FLOWS, PROVEN = "flows", "proven"
MOST = 5


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One way through the log-in: where it leads (a path inside this app) and what is asked of the log-in."""

    flow_id: str
    to: str = field(repr=False)
    demand: Demand


def begin_flow(to: str, demand: Demand) -> Flow:
    """Remember where the visitor is going; the oldest of more than five is forgotten."""
    flows: dict[str, Any] = dict(session.get(FLOWS, {}))
    while len(flows) >= MOST:
        del flows[min(flows, key=lambda name: flows[name]["asked_at"])]
    flow = Flow(flow_id=secrets.token_urlsafe(12), to=to, demand=demand)
    session[FLOWS] = {**flows, flow.flow_id: _written(flow)}
    return flow


def find_flow(flow_id: str | None) -> Flow | None:
    """The flow with this id, in this session."""
    kept = session.get(FLOWS, {}).get(flow_id or "")
    return _read(flow_id or "", kept) if kept else None


def note_choice(flow: Flow) -> None:
    """Remember that the role was chosen on this way, so that it is not asked for again."""
    flows = session.get(FLOWS, {})
    if flow.flow_id in flows:
        session[FLOWS] = {**flows, flow.flow_id: {**flows[flow.flow_id], "is_chosen_anew": True}}


def end_flow(flow: Flow) -> None:
    """Forget a way that has led to its end."""
    session[FLOWS] = {name: kept for name, kept in session.get(FLOWS, {}).items() if name != flow.flow_id}


def kept_flows() -> dict[str, Any]:
    """What of the visitor's session lives on when somebody logs in."""
    kept = {name: session[name] for name in (FLOWS, PROVEN) if name in session}
    # What somebody proved upstream is for the log-in that was asked for then, and not for whoever comes next.
    if PROVEN in kept and kept[PROVEN]["way"] != request.values.get("flow"):
        del kept[PROVEN]
    return kept


def _written(flow: Flow) -> dict[str, Any]:
    demand = flow.demand
    return {
        "to": flow.to,
        "asked_at": demand.asked_at.isoformat(),
        "max_age": demand.max_age.total_seconds() if demand.max_age is not None else None,
        "prompts": sorted(demand.prompts),
        "is_chosen_anew": demand.is_chosen_anew,
    }


def _read(flow_id: str, kept: Mapping[str, Any]) -> Flow:
    max_age = kept["max_age"]
    demand = Demand(
        asked_at=datetime.fromisoformat(kept["asked_at"]),
        max_age=timedelta(seconds=max_age) if max_age is not None else None,
        prompts=frozenset(kept["prompts"]),
        is_chosen_anew=kept["is_chosen_anew"],
    )
    return Flow(flow_id=flow_id, to=kept["to"], demand=demand)
