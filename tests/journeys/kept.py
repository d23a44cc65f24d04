"""What the services keep of a course, a person or a case, and what has been sent: looks that no page gives."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from hashlib import sha256

import pyrage

TRACES = {
    "persons": "SELECT count(*) FROM person WHERE pid = :pid",
    "registration": "SELECT (SELECT count(*) FROM course WHERE pid = :pid)"
    " + (SELECT count(*) FROM extract_member WHERE pid = :pid)",
    "eprom": "SELECT count(*) FROM form_order WHERE pid = :pid",
}


def order_of(walker, course_id, form="pasreg"):
    """Eprom's order of a form for a course."""
    ordered = "SELECT order_id FROM form_order WHERE course_id = :course AND form = :form"
    return walker.rows("eprom", ordered, course=course_id, form=form)[0][0]


def link_of(walker, order_id, links):
    """The link among some that leads to this order, or None; eprom keeps its hash."""
    kept = walker.rows("eprom", "SELECT link_hash FROM form_order WHERE order_id = :order", order=order_id)[0][0]
    return next((one for one in links if sha256(one.rsplit("/", 1)[1].encode()).hexdigest() == kept), None)


def copies(walker, order_id):
    """How many answers eprom still has of an order."""
    return walker.rows("eprom", "SELECT count(*) FROM answer WHERE order_id = :order", order=order_id)[0][0]


def states(walker, course_id):
    """What eprom knows of the orders of a course."""
    query = "SELECT state, reason FROM form_order WHERE course_id = :course ORDER BY form"
    return set(walker.rows("eprom", query, course=course_id))


def sent(walker, course_id):
    """The messages about this course and the kind of each; the demo's may write to the same patient."""
    ordered = "SELECT order_id FROM form_order WHERE course_id = :course"
    ledger = f"SELECT message_id, kind FROM sent_message WHERE order_id IN ({ordered})"
    return dict(walker.rows("eprom", ledger, course=course_id))


def arrived(walker, course_id, *ways):
    """What came to the patient about this course: the kinds of messages, by each of the ways."""
    kinds = sent(walker, course_id)
    ids = [[message["message_id"] for message in walker.inbox(**way)] for way in ways]
    return [sorted(kinds[one] for one in some if one in kinds) for some in ids]


def links(walker, course_id, **way):
    """Every link that came to the patient about this course, in reminders too."""
    kinds = sent(walker, course_id)
    return {link for message in walker.inbox(**way) if message["message_id"] in kinds for link in message["links"]}


def traces(walker, pid):
    """How much each database knows of a person."""
    return {database: walker.rows(database, query, pid=pid)[0][0] for database, query in TRACES.items()}


def closed(walker, case_id):
    """The services that have confirmed, when the case is closed."""
    done = "SELECT 1 FROM rights_case WHERE case_id = :case AND closed_at IS NOT NULL"
    walker.wait_for(lambda: walker.rows("reservation", done, case=case_id))
    found = walker.rows("reservation", "SELECT service FROM receipt WHERE case_id = :case", case=case_id)
    return {service for (service,) in found}


def letters(walker, number):
    """The titles of the letters that lie in somebody's digital mailbox."""
    posted = walker.inbox(channel="digipost", to=number)
    return [message["title"] for message in posted if "reservert" in message["title"]]


def tables(content, key):
    """The tables in a delivered file, by name."""
    archive = zipfile.ZipFile(io.BytesIO(pyrage.decrypt(content, [key])))
    return {
        name: list(csv.reader(io.TextIOWrapper(archive.open(name), "utf-8-sig"), delimiter=";"))
        for name in archive.namelist()
    }


def courses_of_period(walker, period):
    """How many national courses of SmerteReg began in a period that is written as on the pages."""
    national = "registry = 'smertereg' AND placement = 'national'"
    query = f"SELECT count(*) FROM course WHERE {national} AND started_on BETWEEN :first AND :last"
    first, last = (date(int(day[6:]), int(day[3:5]), int(day[:2])).isoformat() for day in period)
    return walker.rows("registration", query, first=first, last=last)[0][0]
