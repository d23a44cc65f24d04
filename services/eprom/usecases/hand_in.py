"""Answers become final, wherever they were given: on our pages, at the national ePROM, or at Helsenorge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from services.eprom.domain.misfit import Misfit
from services.eprom.domain.order import answered
from services.eprom.domain.representation import FilledOutBy
from services.eprom.store.store import Store, order_of
from services.eprom.store.tables import AnswerRow, OrderRow
from shared.contracts.eprom import FormAnswered


def hand_in(
    store: Store,
    row: OrderRow,
    document: Mapping[str, Any],
    *,
    definition_version: int,
    at: datetime,
    filled_out_by: FilledOutBy = FilledOutBy.PATIENT,
    misfits: Sequence[Misfit] = (),
) -> None:
    """Keep the answers, close the order and tell registration; raises RuleBroken for a form that is not open."""
    store.change(row, answered(order_of(row), now=at))
    row.link_hash = None
    kept = store.answer(row.order_id) or AnswerRow(order_id=row.order_id)
    kept.document, kept.definition_version, kept.saved_at = dict(document), definition_version, at
    kept.filled_out_by, kept.misfits = filled_out_by, [asdict(one) for one in misfits]
    store.add(kept)
    store.emit(
        FormAnswered(
            order_id=row.order_id,
            course_id=row.course_id,
            pid=row.pid,
            form=row.form,
            definition_version=definition_version,
            answered_at=at,
        )
    )
