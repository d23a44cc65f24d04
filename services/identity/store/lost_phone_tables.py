"""The table of lost phones that wait for a second person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.store.base import CONTACT, FREE_TEXT, NONE, PSEUDONYM, Base
from shared.db.types import UtcDateTime


class LostPhoneRow(Base):
    """A new number that waits to be confirmed, sealed; the row goes when it is decided, the change log stays."""

    __tablename__ = "lost_phone"
    __table_args__ = (
        CheckConstraint("checked_how IN ('in_person', 'known', 'called_back')", name="checked_how_known"),
        CheckConstraint("begun_by <> user_id", name="not_for_oneself"),
    )

    matter_id: Mapped[str] = mapped_column(String(32), primary_key=True, info=NONE)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.user_id"), unique=True, info=PSEUDONYM)
    mobile: Mapped[bytes] = mapped_column(LargeBinary, info=CONTACT)
    checked_how: Mapped[str] = mapped_column(String(12), info=NONE)
    reason: Mapped[str] = mapped_column(Text, info=FREE_TEXT)
    begun_by: Mapped[int] = mapped_column(BigInteger, info=PSEUDONYM)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime, info=NONE)
