"""Response rates of patient forms: a chart, the table beside it, and the same as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from services.registration.domain.registry import FormEntry
from services.registration.domain.response_rates import HIDDEN, Counts
from services.registration.pages.blueprint import pages
from services.registration.pages.context import means, registry
from services.registration.queries.response_rates import Asked, response_rates
from shared.scheduling.clock import today
from shared.ui.charts.bars import Bar, Chart, bar_chart
from shared.web.context import current_principal
from shared.web.language import current_language, translate

MONTHS, ALL_MONTHS = 12, 12 * 20
OK, UNPROCESSABLE = 200, 422
_COUNTS = ("ordered", "sent", "answered", "still_open", "undelivered", "ended")


@pages.get("/response-rates")
def show_response_rates() -> ResponseReturnValue:
    """One form's rates, by unit and month."""
    forms = [form for form in registry().forms if form.is_patient]
    form, errors = _form(forms) or forms[0], _wrong_period()
    counts = [] if errors else _counted(_asked(form.key))
    drawn = _drawn(counts)
    page = render_template(
        "registration/response_rates.html",
        counts=counts,
        form=form,
        chart_title=_chart_title(form, drawn),
        chart=_chart(form, drawn),
        columns=_COUNTS,
        codes=_codes(counts),
        reason=lambda code: _reason(form, code),
        shown=_shown,
        percent=_percent,
        names=registry().organisations,
        one_hospital=_name(counts[0]) if _is_one_hospital(counts) else "",
        chosen=_typed(form) if errors else _chosen(_asked(form.key)),
        errors=errors,
        choices={
            "form": [{"value": one.key, "name": one.title(current_language())} for one in forms],
            "organisation": _organisations(),
        },
        hides=any(HIDDEN in (one.ordered, one.sent, one.answered, *one.reasons.values()) for one in counts),
    )
    return page, UNPROCESSABLE if errors else OK


@pages.get("/response-rates/file")
def show_response_rates_file() -> ResponseReturnValue:
    """The same counts as a file, of one form or of all."""
    form = _form([form for form in registry().forms if form.is_patient])
    counts = _counted(_asked(form.key if form else None))
    answer = Response(_file(counts), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="response-rates.csv"'
    return answer


def _counted(asked: Asked) -> Sequence[Counts]:
    return response_rates(asked, by=current_principal(), registry=registry(), database=means().database)


def _form(forms: Sequence[FormEntry]) -> FormEntry | None:
    key = request.args.get("form", "")
    found = next((form for form in forms if form.key == key), None)
    if key and found is None:
        raise BadRequest
    return found


def _wrong_period() -> dict[str, str]:
    """What is wrong with the months that were typed, by field."""
    codes = {}
    for name in ("from", "to"):
        try:
            _typed_month(name)
        except BadRequest:
            codes[name] = "month"
    if not codes:
        first, last = _period()
        codes = {"from": "from_after_to"} if first > last else {"from": "too_long"} if _is_too_long(first, last) else {}
    return {name: translate(f"registration.rates.error.{code}") for name, code in codes.items()}


def _period() -> tuple[date, date]:
    """A day in the first and one in the last month that were chosen; without a choice the last twelve months."""
    last = _typed_month("to") or today(means().clock)
    return _typed_month("from") or _months_before(last, MONTHS - 1), last


def _is_too_long(first: date, last: date) -> bool:
    return _months_before(last, ALL_MONTHS) > first


def _asked(form: str | None) -> Asked:
    """What is to be counted; raises BadRequest for what the page does not offer."""
    first, last = _period()
    unit = request.args.get("organisation", "")
    if first > last or _is_too_long(first, last) or (unit and unit not in _units()):
        raise BadRequest
    return Asked(first=first, last=_end_of(last), form=form, organisation=int(unit) if unit else None)


def _typed(form: FormEntry) -> dict[str, str]:
    """What the filter shows when it cannot be followed: all as it was typed."""
    return {"form": form.key} | {name: request.args.get(name, "") for name in ("organisation", "from", "to")}


def _chosen(asked: Asked) -> dict[str, str]:
    """What the filter shows, as the address has it."""
    return {
        "form": asked.form or "",
        "organisation": str(asked.organisation or ""),
        "from": _month(asked.first),
        "to": _month(asked.last),
    }


def _units() -> set[str]:
    return {str(resh) for resh in registry().organisations}


def _organisations() -> list[dict[str, str]]:
    """Only who sees all hospitals chooses among them."""
    if current_principal().organisation is not None:
        return []
    return [{"value": str(resh), "name": name} for resh, name in registry().organisations.items()]


def _typed_month(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    try:
        return date.fromisoformat(f"{text}-01") if text else None
    except ValueError as error:
        raise BadRequest from error


def _months_before(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _end_of(day: date) -> date:
    return _months_before(day, -1) - timedelta(days=1)


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _drawn(counts: Sequence[Counts]) -> Sequence[Counts]:
    """The bars: the months of one hospital, or the hospitals in the newest month."""
    if _is_one_hospital(counts):
        return counts
    newest = max((one.month for one in counts), default=None)
    return [one for one in counts if one.month == newest]


def _is_one_hospital(counts: Sequence[Counts]) -> bool:
    return len({one.organisation for one in counts}) == 1


def _chart_title(form: FormEntry, drawn: Sequence[Counts]) -> str:
    title = translate("registration.rates.chart", form=form.title(current_language()))
    if not drawn:
        return title
    return f"{title}, {_name(drawn[0]) if _is_one_hospital(drawn) else format(drawn[0].month, '%m.%Y')}"


def _chart(form: FormEntry, drawn: Sequence[Counts]) -> Chart | None:
    if not drawn:
        return None
    is_one = _is_one_hospital(drawn)
    labels = [f"{one.month:%m.%Y}" if is_one else _name(one) for one in drawn]
    bars = [Bar(label, _hundredths(one), _note(one)) for label, one in zip(labels, drawn, strict=True)]
    return bar_chart(_chart_title(form, drawn), bars, unit="%", language=current_language())


def _name(one: Counts) -> str:
    return registry().organisations.get(one.organisation, str(one.organisation))


def _hundredths(one: Counts) -> float | None:
    return None if one.share is None else round(100 * one.share)


def _note(one: Counts) -> str:
    return "" if one.share is not None else _percent(one)


def _percent(one: Counts) -> str:
    """The share in words; nothing was sent, or it is not shown."""
    if one.share is None:
        return translate("registration.rates.hidden") if HIDDEN in (one.sent, one.answered) else "–"
    return f"{_hundredths(one):.0f} %"


def _shown(count: int) -> str:
    return translate("registration.rates.hidden") if count == HIDDEN else str(count)


def _codes(counts: Sequence[Counts]) -> list[int | None]:
    """The reasons that occur, those without a code last."""
    return sorted({code for one in counts for code in one.reasons}, key=lambda code: (code is None, code))


def _reason(form: FormEntry, code: int | None) -> str:
    if code is None:
        return translate("registration.rates.no_reason")
    return form.reason(code, current_language()) or str(code)


def _file(counts: Sequence[Counts]) -> str:
    """Semicolons between the columns; a star is a count that is not shown."""
    text, codes = io.StringIO(), _codes(counts)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    of_reasons = [f"reason_{'none' if code is None else code}" for code in codes]
    writer.writerow(["resh_id", "organisation", "form", "month", *_COUNTS, "share", *of_reasons])
    for one in counts:
        numbers: list[Any] = [*(getattr(one, name) for name in _COUNTS), *(one.reasons.get(code, 0) for code in codes)]
        cells = ["*" if number == HIDDEN else number for number in numbers]
        share = "" if one.share is None else f"{one.share:.3f}"
        split = len(_COUNTS)
        writer.writerow(
            [one.organisation, _name(one), one.form, _month(one.month), *cells[:split], share, *cells[split:]]
        )
    return text.getvalue()
