"""A checker for the small part of JSON Schema that the contracts use."""

from __future__ import annotations

import re
from datetime import date, datetime

TYPES = {"integer": int, "string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}
FORMATS = {"date": date.fromisoformat, "date-time": datetime.fromisoformat}


def fits(value, schema):
    """Whether a JSON value fits a schema."""
    if "anyOf" in schema:
        return any(fits(value, choice) for choice in schema["anyOf"])
    if "const" in schema:
        return value == schema["const"]
    if type(value) is not TYPES[schema["type"]]:
        return False
    if isinstance(value, dict):
        return _object_fits(value, schema)
    if isinstance(value, list):
        return all(fits(item, schema["items"]) for item in value)
    return _format_fits(value, schema)


def _object_fits(value, schema):
    known = schema["properties"]
    if not set(schema["required"]) <= set(value) or not set(value) <= set(known):
        return False
    return all(fits(part, known[name]) for name, part in value.items())


def _format_fits(value, schema):
    if "minimum" in schema and value < schema["minimum"]:
        return False
    if "pattern" in schema and not re.search(schema["pattern"], value):
        return False
    if "format" not in schema:
        return True
    try:
        FORMATS[schema["format"]](value)
    except ValueError:
        return False
    return True
