"""The one blueprint that all pages of release are part of."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("pages", __name__)
