"""Form B1.1 of SmerteReg filled in all over: as its page sends it, and as a program would."""

from __future__ import annotations

from shared.forms.catalogue import registry
from shared.forms.definition import Type

ONE = {
    "registered_date": "2026-11-20",
    "location": 1,
    "ward": 2,
    "admission_diagnosis": "M54.5 Ryggsmerte",
    "inappropriate_use": 1,
    "central_block": 1,
    "peripheral_block": 1,
    "earlier_misuse": 1,
    "current_misuse": 2,
    "opioid_maintenance": 0,
    "ward_recordings": 3,
}
MANY = {
    "analgesics_on_admission": ["non_opioids", "opioids", "co_analgesics"],
    "analgesics_first_visit": ["opioids"],
    "central_block_types": ["epidural"],
    "central_block_medication": ["opioids", "local_anaesthesia"],
    "peripheral_block_types": ["plexus_brachialis", "pecs", "sciatic", "femoral"],
    "brachial_plexus_part": ["interscalene"],
    "pecs_part": ["pecs_1"],
    "sciatic_part": ["popliteal"],
    "peripheral_block_methods": ["single_shot"],
}
ROWS = [
    {"pain_category": 2, "lasting_category": 1, "primary_subcategory": "a", "code_widespread": "M79.7",
     "main_diagnosis": 1},
    {"pain_category": 1, "acute_category": 1, "procedure_code": "NGB20", "main_diagnosis": 0},
]  # fmt: skip
DOSES = 6


def form():
    """The compiled form."""
    return registry("smertereg").form("b11")


def preparations():
    """The keys of the opioid table."""
    return [item.key for item in form().questions["opioids"].preparations.items]


def answers(turn):
    """The answers as JSON; from one turn to the next a tenth of them changes."""
    doses = {key: 10.0 + 5 * number + turn % 3 for number, key in enumerate(preparations()[:DOSES])}
    first_visit = ["opioids", "benzodiazepines"][: 1 + turn % 2]
    changed = {"ward_recordings": 3 + turn % 5, "inappropriate_use": turn % 2, "analgesics_first_visit": first_visit}
    return {**ONE, **MANY, **changed, "pain_diagnoses": ROWS, "opioids": doses}


def fields(turn, revision):
    """The same as a page sends them, with the fields that say what was on it."""
    pairs = [("revision", str(revision)), ("act", "save")]
    for key, value in answers(turn).items():
        match form().questions[key].type:
            case Type.ROWS:
                inner = [(f"{key}.r{n}.{name}", v) for n, row in enumerate(value) for name, v in row.items()]
                pairs += [("_shown", path) for path, _ in inner] + inner
            case Type.OPIOID_TABLE:
                pairs += [("_shown", key), *((f"{key}.{name}", value.get(name, "")) for name in preparations())]
            case Type.CHOICES:
                pairs += [("_shown", key), *((key, code) for code in value)]
            case _:
                pairs += [("_shown", key), (key, value)]
    return pairs


def described(address, courses, turns=30):
    """The form and its answers, as peers read them: no module of ours is needed to save it."""
    found = form()
    table = found.questions["opioids"]
    return {
        "questions": [_question(q) for q in found.questions.values() if q.type is not Type.COMPUTED],
        "columns": [_column(spec) for spec in found.columns],
        "child_columns": [_column(spec) for spec in found.child_columns["pain_diagnoses"]],
        "factors": {item.key: float(item.steps[0][1]) for item in table.preparations.items},
        "answers": [answers(turn) for turn in range(turns)],
        "courses": courses,
        "address": address,
    }


def _question(question):
    options = question.coding.options.values() if question.coding else question.options
    codes = preparations() if question.type is Type.OPIOID_TABLE else [option.code for option in options]
    limit = question.limit if question.type in {Type.INTEGER, Type.OPIOID_TABLE} else None
    return {
        "key": question.key,
        "type": str(question.type),
        "codes": codes,
        "range": [float(limit.low[0]), float(limit.high[0])] if limit else None,
        "longest": question.max_length,
        "questions": [_question(inner) for inner in question.questions if inner.type is not Type.COMPUTED],
    }


def _column(spec):
    key = spec.question.key
    return {"name": spec.column, "kind": str(spec.kind), "key": key, "part": spec.part, "role": spec.role}
