"""What can go wrong at the database, in words the rest of the suite understands."""


class ConstraintBroken(Exception):  # noqa: N818 - says what happened
    """A named constraint was broken; `name` is the constraint's name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class DatabaseUnavailable(Exception):  # noqa: N818 - says what is
    """The database does not answer now; trying again later may work."""
