"""The variables of the registries that may leave, from the engine's codebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from services.registration.domain.extract import Field, Variable
from shared.forms import variable as engine
from shared.forms.catalogue import registries
from shared.forms.codebook import codebook
from shared.forms.definition import Text, say
from shared.forms.problems import sentence

_LANGUAGE = "nb"
_YES_NO = {"0": sentence("shown.no", _LANGUAGE), "1": sentence("shown.yes", _LANGUAGE)}
_TICKS = frozenset({"tick", "unknown"})


@cache
def load_variables() -> Mapping[str, Mapping[str, Variable]]:
    """The variables of each registry by name, such as "to.supervision", in the order of the forms."""
    return {key: _variables(codebook(registry)) for key, registry in registries().items()}


def _variables(book: Iterable[engine.Variable]) -> dict[str, Variable]:
    """Those that stand alone; what may leave of a row is part of the variable that holds the rows."""
    known = [variable for variable in book if variable.may_leave]
    inner: dict[tuple[str, str | None], list[Variable]] = {}
    for variable in known:
        inner.setdefault((variable.form, variable.rows), []).append(_variable(variable))
    return {
        variable.name: _variable(variable, inner.get((variable.form, variable.key), ()))
        for variable in known
        if variable.rows is None
    }


def _variable(variable: engine.Variable, inner: Sequence[Variable] = ()) -> Variable:
    return Variable(
        name=variable.name,
        form=variable.form,
        question=variable.key,
        type=str(variable.type),
        fields=tuple(_field(variable, column) for column in variable.columns),
        inner=tuple(inner),
    )


def _field(variable: engine.Variable, column: engine.VariableColumn) -> Field:
    codes = {str(code.code): _meaning(code) for code in variable.codes} if column.role == "value" else {}
    return Field(
        name=column.name,
        column=column.column,
        label=_said(column.label),
        unit=_said(column.unit),
        codes=_YES_NO if column.role in _TICKS else codes,
    )


def _meaning(code: engine.VariableCode) -> str:
    """What a code means now, and what it meant before: answers of both versions may stand in an extract."""
    before = (sentence("codebook.earlier", _LANGUAGE, version=str(n), part=_said(text)) for n, text in code.earlier)
    return "; ".join([_said(code.label), *before])


def _said(text: Text | None) -> str:
    return say(text or {}, _LANGUAGE)
