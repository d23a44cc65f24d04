"""A registry with a form brought in from FHIR, answered on the pages and at Helsenorge; run in a copy of the suite.

    python -m tests.registries.brought <folder for databases>

prints which questions showed when, and what registration stored, as JSON.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import yaml
from sqlalchemy import select

from services.eprom.handlers import HANDLERS
from services.eprom.store.tables import OrderRow
from services.eprom.usecases.note_sending import message_id_of
from services.registration.domain.patient_form import FilledOutBy
from services.registration.gateways.registry import load_registries
from services.registration.store.tables import TYPED, Base, FormRow
from services.registration.usecases.open_course import Desk, open_course
from services.registration.usecases.ports import Answers
from services.registration.usecases.store_patient_form import store_patient_form
from shared.db.database import Database
from shared.db.engine import make_engine
from shared.forms.catalogue import registry
from shared.forms.definition import Audience
from shared.forms.import_form import read_import, write_import
from shared.testing.laid_tables import lay_tables
from tests.eprom.pages.patient import answer, patient
from tests.eprom.site import KARI, NUMBERS, Site
from tests.registration.usecases.desk import LINE, OLA, World
from tests.registries.feet import QUESTIONNAIRE
from tests.registries.third import KEY, NURSE, write_registry
from tests.shared.forms.responses import response_to

FORM, BEGAN = "feet", date(2026, 11, 2)
FHIR_JSON = "application/fhir+json"
GIVEN = [
    ("q_1_1", "1"), ("q_1_2", "toe"), ("q_1_3", "9"), ("q_1_4", "01.11.2026"), ("q_1_5", "Hvile"), ("q_1_6", "true"),
    ("q_1_7", "other"), ("q_1_7_other", "Kork"), ("q_2_1", "b"), ("q_2_2", "b"), ("q_2_3", "c"), ("q_2_5", "2"),
]  # fmt: skip


def bring_in(root: Path, file: Path) -> None:
    """Write a registry into a folder of registries, and take the form of a file into it."""
    write_registry(root)
    file.write_text(json.dumps(QUESTIONNAIRE), encoding="utf-8")
    write_import(read_import(file, KEY, FORM, Audience.PATIENT, root=root), KEY, root)
    rules = yaml.safe_load((root / KEY / "registry.yaml").read_text(encoding="utf-8"))
    rules["forms"]["patient"].append(FORM)
    rules["course_types"][3]["forms"].append(FORM)
    rules["messages"] |= {
        "channels": ["helsenorge"],
        "orders": [{"form": FORM, "on": "course_opened", "days_after": 0}],
    }
    for name in ("paper_lock_after_days", "representation"):
        rules["messages"].pop(name, None)
    (root / KEY / "registry.yaml").write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")


def _registration(folder):
    engine = make_engine(f"sqlite:///{folder}/registration.sqlite")
    lay_tables(engine, Base.metadata)
    return World(Database(engine, Base.metadata))


def _sent(world, site):
    """Open a course for two persons, whom the form then reaches; their orders, the oldest course first."""
    desk = Desk(world.persons, world.population, load_registries()[KEY], accepts_synthetic=True)
    for number in (LINE, OLA):
        open_course(number, started_on=BEGAN, by=NURSE, desk=desk, uow=world.uow)
    for event in world.events():
        if type(event) in HANDLERS:
            HANDLERS[type(event)](event, site.uow)
    with site.database.reading() as session:
        orders = session.scalars(select(OrderRow).order_by(OrderRow.course_id)).all()
    site.registration.numbers = {order.pid: NUMBERS[KARI] for order in orders}
    site.work_until(orders[0].due_at + timedelta(minutes=1))
    return orders


def shown(browser, order_id):
    """The questions that the overview lists."""
    page = browser.get(f"/form/{order_id}/overview").text
    return re.findall(rf"/form/{order_id}/question/([a-z0-9_]+)", page)


def _on_the_pages(site, order):
    """Answer one question after the other; how the list of questions grew."""
    browser = patient(site, order.pid)
    stages = [shown(browser, order.order_id)]
    for path, value in GIVEN:
        assert answer(browser, order.order_id, path, value).status_code == 303, path
        stages.append(shown(browser, order.order_id))
    assert answer(browser, order.order_id, "q_1_3", "32").status_code == 422
    assert browser.send_form(f"/form/{order.order_id}/submit", {}).status_code == 303
    return [sorted(set(now) ^ set(before)) for before, now in zip([[], *stages], stages, strict=False)]


def _at_helsenorge(site, order, document):
    """Hand the same answers in as a response, first one that answers what does not show; the two statuses."""
    task = message_id_of(order.order_id, "first")
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{task}"}
    right = {**response_to(registry(KEY).form(FORM), document), "basedOn": [{"identifier": identifier}]}
    wrong = json.loads(json.dumps(right))
    wrong["item"][0]["item"][0]["answer"][0]["valueCoding"]["code"] = "2"
    headers = {"Authorization": f"Basic {site.means.helsenorge_key}"}
    url, client = "/api/fhir/QuestionnaireResponse", site.app.test_client()
    sent = [client.post(url, data=json.dumps(one), content_type=FHIR_JSON, headers=headers) for one in (wrong, right)]
    hidden = {issue["details"]["coding"][0]["code"] for issue in sent[0].json["issue"]}
    return [sent[0].status_code, sorted(hidden), sent[1].status_code]


def _fetched(site, world, order):
    """Let registration store what it fetches from eprom."""
    told = site.visitor().get(f"/api/answers/{order.order_id}", headers=site.bearer("registration")).json
    told |= {"answered_at": datetime.fromisoformat(told["answered_at"]), "filled_out_by": FilledOutBy.PATIENT}
    store_patient_form(Answers(**told), registries=load_registries(), uow=world.uow)
    return told["document"]


def run(folder: str) -> dict[str, object]:
    """The same answers, given in both ways, from the order to the registry's own columns."""
    world, site = _registration(folder), Site(Path(folder), f"sqlite:///{folder}/eprom.sqlite")
    first, second = _sent(world, site)
    grown = _on_the_pages(site, first)
    statuses = _at_helsenorge(site, second, _fetched(site, world, first))
    _fetched(site, world, second)
    with world.database.reading() as session:
        stored = session.scalars(select(FormRow).where(FormRow.form == FORM).order_by(FormRow.course_id)).all()
        sums = session.scalars(select(TYPED[KEY, FORM].table.c.feet_sum)).all()
    site.close()
    values = [row.document["values"] for row in stored]
    return {"grown": grown, "statuses": statuses, "values": values, "sums": [float(one) for one in sums]}


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1])))  # noqa: T201 - the answer of the program
