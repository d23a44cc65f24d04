"""The one-time codes of an order. The order is locked first, so that two tries at once are two tries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from services.eprom.domain.log_in_codes import SentCode
from services.eprom.store.store import Store
from services.eprom.store.tables import CodeRow


def sent_since(store: Store, order_id: str, moment: datetime) -> Sequence[datetime]:
    """When codes were sent for an order after a moment."""
    return store.session.scalars(
        select(CodeRow.sent_at).where(CodeRow.order_id == order_id, CodeRow.sent_at > moment)
    ).all()


def newest_code(store: Store, order_id: str) -> CodeRow | None:
    """The last code that was sent for an order, the only one that counts."""
    query = select(CodeRow).where(CodeRow.order_id == order_id).order_by(CodeRow.sent_at.desc(), CodeRow.code_id)
    return store.session.scalars(query.limit(1)).one_or_none()


def code_of(row: CodeRow) -> SentCode:
    """The code as the rules see it."""
    return SentCode(sent_at=row.sent_at, tries=row.tries, is_used=row.is_used)


def save_code(row: CodeRow, code: SentCode) -> None:
    """Write what the rules decided back to the row."""
    row.tries, row.is_used = code.tries, code.is_used


def drop_code(store: Store, code_id: str) -> None:
    """Forget a code that never left."""
    store.session.execute(delete(CodeRow).where(CodeRow.code_id == code_id))


def drop_codes_before(store: Store, moment: datetime) -> None:
    """Forget codes that count for nothing any more."""
    store.session.execute(delete(CodeRow).where(CodeRow.sent_at <= moment))
