"""The JSON Schema of a checklist file, for editors: what to write where, and what is misspelt."""

from __future__ import annotations

from checker.standards.keys import CHECKLIST
from checker.standards.shapes import TEXTS_SCHEMA, Schema


def schema() -> Schema:
    """JSON Schema (draft 2020-12) from the same tables that reading uses.

    It knows keys, shapes and limits. What parts must agree on (sums, ids, conditions, languages) only
    `checklist validate` finds.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Checklist",
        "description": "One version of a checklist; README.md beside this file explains every key.",
        **CHECKLIST.schema(),
        "$defs": {"texts": TEXTS_SCHEMA},
    }
