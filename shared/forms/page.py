"""A form as a page shows it: plain values, ready for templates. Built by `CompiledForm.page`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PageOption:
    """One thing to choose; `id` is unique on the page, the first one's is the question's own path."""

    id: str
    code: str
    label: str
    help: str = ""
    is_chosen: bool = False
    is_exclusive: bool = False
    is_locked: bool = False


@dataclass(frozen=True, kw_only=True)
class PageFactor:
    """What a dose is multiplied by: the factor from each dose upwards as people read it, and where it comes from.

    `steps` says the same to a program, such as `0:5|18:6`; `status` is given, derived or doubtful.
    """

    steps: str
    parts: tuple[tuple[str, str], ...]
    status: str
    source: str
    since: str
    note: str


@dataclass(frozen=True, kw_only=True)
class PageDose:
    """A preparation of the opioid table; `name` is the name of its field."""

    name: str
    label: str
    unit: str
    dose: str
    omeq: str
    factor: PageFactor
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PageVisit:
    """A line of the visits table: a tick box `name` and a number `times_name`."""

    name: str
    times_name: str
    label: str
    help: str
    is_ticked: bool
    times: str
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PageSearch:
    """A search in a long list of codes: `name` is that of the field for words, `found` how many codes there are."""

    name: str
    words: str
    found: int
    listed: int
    size: int


@dataclass(frozen=True, kw_only=True)
class PageCell:
    """A cell of the table of rows; `more` tells the whole of it, question by question."""

    label: str
    text: str
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PageRow:
    """One row of a question of type rows: open with its questions, or a line of a table whose answers are sent hidden.

    `path` is the value of its buttons, `before` what an open row was, empty for a new one; `kept` are names and values
    of hidden fields, `answers` labels and texts of all that a closed row tells.
    """

    path: str
    number: int
    is_open: bool = False
    is_new: bool = False
    is_incomplete: bool = False
    questions: tuple[PageQuestion, ...] = ()
    cells: tuple[PageCell, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    before: str = ""


@dataclass(frozen=True, kw_only=True)
class PageRows:
    """The rows of a question: `name` is what one is called, `act` what the last button did and `focus` where to go."""

    name: str
    labels: tuple[str, ...]
    rows: tuple[PageRow, ...]
    is_full: bool = False
    act: str = ""
    number: int = 0
    focus: str = ""


@dataclass(frozen=True, kw_only=True)
class PageQuestion:
    """One question as it stands now.

    `path` is both the name of its field and the id of its first control. `level` is 1 for a question that another one
    opened. `drives` says that the page may look different when it is answered. `is_filled` says that the system
    answered. `warning` asks for a confirmation by a box named `_confirmed` with the value `confirm_value`. `factors` is
    the version of the factors that `total` was reckoned by.
    """

    path: str
    key: str
    type: str
    label: str
    help: str = ""
    hint: str = ""
    unit: str = ""
    value: str = ""
    level: int = 0
    is_required: bool = False
    drives: bool = False
    is_filled: bool = False
    is_multiline: bool = False
    max_length: int | None = None
    options: tuple[PageOption, ...] = ()
    unknown_name: str = ""
    unknown_label: str = ""
    is_unknown: bool = False
    lowest: str = ""
    highest: str = ""
    errors: tuple[str, ...] = ()
    warning: str = ""
    confirm_value: str = ""
    confirm_label: str = ""
    is_confirmed: bool = False
    search: PageSearch | None = None
    table: PageRows | None = None
    doses: tuple[PageDose, ...] = ()
    total: str = ""
    factors: int | None = None
    visits: tuple[PageVisit, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PageSection:
    """A heading with its questions."""

    key: str
    title: str
    questions: tuple[PageQuestion, ...]


@dataclass(frozen=True, kw_only=True)
class PageProblem:
    """A line of the summary on top; `path` is the id it links to."""

    path: str
    label: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """A whole form. `shown` are the paths of the questions on it, sent back in fields named `_shown`."""

    form: str
    version: int
    title: str
    intro: str
    sections: tuple[PageSection, ...]
    problems: tuple[PageProblem, ...] = ()
    shown: tuple[str, ...] = ()
    is_sample: bool = False
    is_read_only: bool = False
