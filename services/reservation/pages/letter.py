"""A letter that goes by post: print it, see whom it is for, and say when it is out. The log is written first."""

from __future__ import annotations

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.reservation.pages.blueprint import pages
from services.reservation.pages.context import means
from services.reservation.usecases.post_letter import note_posted, print_letter, read_recipient, send_again
from shared.web.context import current_principal


@pages.post("/cases/<case_id>/letter")
def send_print(case_id: str) -> ResponseReturnValue:
    """The letter as PDF, without the number."""
    kit = means()
    letter = print_letter(case_id, by=current_principal(), registries=kit.registries, uow=kit.uow)
    answer = Response(letter.content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{case_id[:8]}.pdf"'
    return answer


@pages.post("/cases/<case_id>/recipient")
def send_recipient(case_id: str) -> ResponseReturnValue:
    """The number, for the address on the envelope."""
    kit = means()
    number = read_recipient(case_id, by=current_principal(), numbers=kit.numbers, uow=kit.uow)
    return render_template("reservation/recipient.html", case_id=case_id, number=number)


@pages.post("/cases/<case_id>/again")
def send_letter_again(case_id: str) -> ResponseReturnValue:
    """Try the mailbox once more."""
    send_again(case_id, by=current_principal(), uow=means().uow)
    return redirect(url_for("pages.show_case", case_id=case_id), 303)


@pages.post("/cases/<case_id>/posted")
def send_posted(case_id: str) -> ResponseReturnValue:
    """It is out; the number is erased."""
    note_posted(case_id, by=current_principal(), uow=means().uow)
    return redirect(url_for("pages.show_case", case_id=case_id), 303)
