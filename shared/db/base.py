"""Metadata with named constraints, and the privacy line every column carries."""

from sqlalchemy import MetaData

PRIVACY_KINDS = frozenset({"none", "pseudonym", "name", "contact", "number", "health", "secret", "free_text"})
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_metadata() -> MetaData:
    """Metadata whose constraints all get names, so that a broken one can be told by name."""
    return MetaData(naming_convention=NAMING)


def privacy(kind: str) -> dict[str, str]:
    """The privacy line of a column, given as its `info`."""
    if kind not in PRIVACY_KINDS:
        raise ValueError(f"no such kind of privacy: {kind}")
    return {"privacy": kind}
