"""Tables of the person store: a database of its own, every identifying column sealed with the person's own key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Integer, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db.base import new_metadata, privacy
from shared.db.types import UtcDateTime


class PersonBase(DeclarativeBase):
    """All tables of the person store."""

    metadata = new_metadata()


class PersonRow(PersonBase):
    """One person. Without `data_key` none of the sealed columns can be read by anybody."""

    __tablename__ = "person"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy's own form; a PID is never used twice

    pid: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True, info=privacy("pseudonym")
    )
    number_hash: Mapped[str] = mapped_column(String(64), unique=True, info=privacy("pseudonym"))
    block_hash: Mapped[str] = mapped_column(String(64), index=True, info=privacy("pseudonym"))
    data_key: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("secret"))
    number: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("number"))
    number_kind: Mapped[str] = mapped_column(String(12), info=privacy("none"))
    name: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("name"))
    birth_on: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("number"))
    sex: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("number"))
    municipality: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("contact"))
    address: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("contact"))
    phone: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("contact"))
    email: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("contact"))
    died_on: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("health"))
    protection: Mapped[str] = mapped_column(String(24), info=privacy("contact"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, info=privacy("none"))


class ClaimRow(PersonBase):
    """A number that another registry has ordered a form for: sealed, tied to no course, and gone with the order."""

    __tablename__ = "number_claim"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - as above; a claim is never used twice

    claim: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True, info=privacy("pseudonym")
    )
    binding: Mapped[str] = mapped_column(String(32), info=privacy("none"))
    data_key: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("secret"))
    number: Mapped[bytes] = mapped_column(LargeBinary, info=privacy("number"))
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True, info=privacy("none"))
