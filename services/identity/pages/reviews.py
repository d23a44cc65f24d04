"""The yearly review of who has access."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.identity.domain.access_review import Verdict
from services.identity.domain.errors import NotFound, RuleBroken
from services.identity.pages.blueprint import pages
from services.identity.pages.context import means
from services.identity.queries.reviews import YearlyReviews
from services.identity.usecases.decide_review import decide_review
from services.identity.usecases.tell_role_end import last_day
from shared.web.context import current_principal

ROLE = "role-"
CHOICES = (Verdict.CONFIRMED, Verdict.REMOVED)


@pages.get("/reviews")
def show_reviews() -> ResponseReturnValue:
    """Where each organisation stands."""
    standings = _reviews().standings(current_principal())
    return render_template("identity/reviews.html", standings=standings, last_day=last_day)


@pages.get("/reviews/<int:review_id>")
def show_review(review_id: int) -> ResponseReturnValue:
    """One review, with what may be decided."""
    return _page(review_id)


@pages.post("/reviews/<int:review_id>")
def send_review(review_id: int) -> ResponseReturnValue:
    """Confirm and remove what was marked."""
    try:
        decide_review(review_id, _verdicts(), by=current_principal(), uow=means().uow)
    except NotFound:
        raise
    except RuleBroken as broken:
        return _page(review_id, broken.code), 422
    return redirect(url_for("pages.show_review", review_id=review_id, done=1), 303)


def _page(review_id: int, error: str | None = None) -> str:
    standing, lines = _reviews().one(review_id, current_principal())
    return render_template(
        "identity/review.html",
        review=standing,
        lines=lines,
        choices=[choice.value for choice in CHOICES],
        typed=request.form.to_dict(),
        error=error,
        done=request.args.get("done", ""),
        last_day=last_day,
    )


def _verdicts() -> dict[int, Verdict]:
    """The marked roles; what no page of ours sends is not looked at."""
    marked = ((name.removeprefix(ROLE), value) for name, value in request.form.items() if name.startswith(ROLE))
    known = {choice.value for choice in CHOICES}
    return {
        int(role_id): Verdict(value)
        for role_id, value in marked
        if value in known and role_id.isascii() and role_id.isdecimal() and len(role_id) < 19  # noqa: PLR2004 - ids
    }


def _reviews() -> YearlyReviews:
    return YearlyReviews(means().database, means().seals, means().clock)
