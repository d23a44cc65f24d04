"""What all tables of identity have in common: the metadata with the kit's tables, and the privacy lines."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import DeclarativeBase

from shared.db.base import new_metadata, privacy
from shared.outbox.tables import add_kit_tables
from shared.web.tables import add_tables as add_web_tables

NONE, PSEUDONYM, SECRET = privacy("none"), privacy("pseudonym"), privacy("secret")
NAME, CONTACT, FREE_TEXT = privacy("name"), privacy("contact"), privacy("free_text")
SERIAL = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """All tables of identity."""

    metadata = new_metadata()


KIT = add_kit_tables(Base.metadata)
WEB = add_web_tables(Base.metadata)
