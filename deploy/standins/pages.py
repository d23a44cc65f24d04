"""Pages and switches for the person at the screen and for tests: inbox, people, clock, faults, what was asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from deploy.standins import faults
from deploy.standins.messages import Channel, kept_file
from deploy.standins.parts import parts
from deploy.standins.persons import Profile, Protection, StandinPerson
from deploy.standins.refusals import Refused, as_problem
from deploy.standins.request_log import STANDINS, newest_requests
from shared.scheduling.clock import OSLO, ShiftedClock, oslo, today

pages = Blueprint("pages", __name__)
pages.register_error_handler(Refused, as_problem)
_FIRST_SHOWN = 40


@pages.before_request
def refuse_foreign_posts() -> None:
    """Let no other web site push these buttons from somebody's browser."""
    if request.method == "GET":
        return
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or (
        origin is not None and urlsplit(origin).netloc != request.host
    ):
        raise Refused(403, "foreign_origin", "only these pages themselves may post here")


@pages.get("/")
def index() -> ResponseReturnValue:
    """List the stand-ins and their pages."""
    return render_template("standins/index.html", standins=STANDINS, now=oslo(parts().clock.now()))


@pages.get("/health")
def health() -> ResponseReturnValue:
    """Tell that the store can be read."""
    return jsonify(status="ok", events=parts().people.latest_event())


@pages.get("/inbox")
def inbox() -> ResponseReturnValue:
    """Show all messages, newest first, of everybody or of one receiver."""
    to, channel = request.args.get("to", "").strip(), request.args.get("channel", "")
    person_id = request.args.get("person", "")
    messages = parts().inbox.newest(to=to, channel=channel, person_id=person_id)
    names = {person.id: person.name for person in parts().people.all()}
    for message in messages:
        message["name"] = names.get(message["person_id"], "")
        message["shown_at"] = oslo(datetime.fromisoformat(message["sent_at"]))
    return render_template(
        "standins/inbox.html", messages=messages, to=to, channel=channel, person_id=person_id, channels=list(Channel)
    )


@pages.get("/inbox/files/<file_id>")
def inbox_file(file_id: str) -> ResponseReturnValue:
    """Show a document that came with a message: PDF as such, everything else as plain text."""
    with parts().store.reading() as transaction:
        content = kept_file(transaction, file_id)
    if content is None:
        raise Refused(404, "not_found", "no such document")
    kind = "application/pdf" if content.startswith(b"%PDF-") else "text/plain; charset=utf-8"
    return Response(content, content_type=kind)


@pages.get("/inbox.json")
def inbox_json() -> ResponseReturnValue:
    """Give messages, newest first, for tests."""
    to, channel, person_id = (request.args.get(name, "") for name in ("to", "channel", "person"))
    return jsonify(messages=parts().inbox.newest(to=to, channel=channel, person_id=person_id))


@pages.get("/people")
def people() -> ResponseReturnValue:
    """Show the population, the named people first."""
    wanted = request.args.get("q", "").strip().lower()
    found = [p for p in parts().people.all() if wanted in p.name.lower() or wanted in p.number]
    return render_template(
        "standins/people.html",
        people=found if request.args.get("all") or wanted else found[:_FIRST_SHOWN],
        wanted=wanted,
        total=len(found),
        levels=list(Protection),
        profiles=list(Profile),
        today=today(parts().clock),
    )


@pages.get("/people.json")
def people_json() -> ResponseReturnValue:
    """Give the population, for tests."""
    return jsonify(people=[person.to_json() for person in parts().people.all()])


@pages.post("/people/<person_id>/<change>")
def change_person(person_id: str, change: str) -> ResponseReturnValue:
    """Let something happen to a person; the population register has an event of it."""
    person = parts().people.by_id(person_id)
    if person is None:
        raise Refused(404, "not_found", "nobody has this id")
    try:
        _change(person, change)
    except (KeyError, ValueError) as error:
        raise Refused(400, "bad_request", "no such change, or its value is missing or wrong") from error
    return _back("pages.people")


def _change(person: StandinPerson, change: str) -> None:
    register, given = parts().people, request.form
    if change == "death":
        register.die(person, datetime.fromisoformat(given["on"]).date().isoformat())
    elif change == "name":
        register.rename(person, given["family_name"].strip())
    elif change == "protection":
        register.protect(person, Protection(given["level"]))
    elif change == "contact":
        register.move_to_profile(person, Profile(given["profile"]))
    elif change == "responsibility":
        register.end_responsibility(person, given["number"], datetime.fromisoformat(given["on"]).date().isoformat())
    else:
        raise KeyError(change)


@pages.get("/clock")
def clock() -> ResponseReturnValue:
    """Show the time of the demo and the ways to move it."""
    return render_template("standins/clock.html", now=oslo(parts().clock.now()), is_movable=_shifted() is not None)


@pages.get("/clock.json")
def clock_json() -> ResponseReturnValue:
    """Give the time of the demo."""
    return jsonify(now=parts().clock.now().isoformat(), movable=_shifted() is not None)


@pages.post("/clock")
def move_clock() -> ResponseReturnValue:
    """Move the demo's clock for all processes that read its file."""
    shifted = _shifted()
    if shifted is None:
        raise Refused(409, "clock_is_real", "CLOCK_FILE is not set, so the clock cannot be moved")
    try:
        forward = _wanted_move()
    except (KeyError, ValueError) as error:
        raise Refused(400, "bad_request", "forward_minutes, forward_to as hh:mm, or real=1") from error
    if forward is None:
        shifted.shift(0)
    else:
        shifted.shift((parts().clock.now() + forward - datetime.now(OSLO)).total_seconds())
    return _back("pages.clock")


def _wanted_move() -> timedelta | None:
    given = request.form
    if given.get("real"):
        return None
    if given.get("forward_minutes"):
        return timedelta(minutes=float(given["forward_minutes"]))
    hour, _, minute = given["forward_to"].partition(":")
    now = oslo(parts().clock.now())
    target = now.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
    if target <= now:
        target = datetime.combine(now.date() + timedelta(days=1), target.timetz())
    return target - now


def _shifted() -> ShiftedClock | None:
    found = parts().clock
    return found if isinstance(found, ShiftedClock) else None


@pages.get("/faults")
def fault_page() -> ResponseReturnValue:
    """Show the faults that wait and a form for a new one."""
    return render_template(
        "standins/faults.html",
        waiting=faults.waiting(parts().store),
        standins=STANDINS,
        kinds=list(faults.FaultKind),
        requests=[
            {**line, "shown_at": oslo(datetime.fromisoformat(line["at"]))}
            for line in newest_requests(request.args.get("standin", ""), 60)
        ],
    )


@pages.post("/faults")
def order_fault() -> ResponseReturnValue:
    """Let the next requests to a stand-in fail."""
    given = request.get_json(silent=True) if request.is_json else request.form
    try:
        faults.order(parts().store, faults.read_fault(given))
    except faults.UnknownFault as error:
        raise Refused(400, "bad_request", str(error)) from error
    return _back("pages.fault_page")


@pages.route("/faults", methods=["DELETE"])
def end_faults() -> ResponseReturnValue:
    """Let everything work again."""
    faults.end_all(parts().store)
    return "", 204


@pages.post("/faults/end")
def end_faults_by_form() -> ResponseReturnValue:
    """Let everything work again, for a form."""
    faults.end_all(parts().store)
    return _back("pages.fault_page")


@pages.get("/requests.json")
def requests_json() -> ResponseReturnValue:
    """Give what was asked, newest first."""
    return jsonify(requests=newest_requests(request.args.get("standin", "")))


@pages.post("/reset")
def reset() -> ResponseReturnValue:
    """Forget everything and begin with the first population."""
    parts().store.forget_all()
    parts().people.populate()
    return _back("pages.index")


def _back(page: str) -> ResponseReturnValue:
    """Programs want no page; people go back to where they were."""
    if request.is_json or request.accept_mimetypes.best == "application/json":
        return "", 204
    return redirect(url_for(page), 303)
