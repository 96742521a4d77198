"""A published checklist as a file that it could have come from, to be changed and handed in again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from checker.standards.model import Checklist

WIDTH = 110
ON_ONE_LINE = 3
"""Groups of plain values, such as the words of one text in three languages, stand on one line up to here."""

_TEXTS = {"title", "text", "help", "why", "low", "high"}


def checklist_file(checklist: Checklist, *, version: int | None = None) -> str:
    """The checklist as YAML, under another version number when one is given.

    What the file that was published said in comments, and how it was laid out, is not kept; reading it gives
    the same checklist.
    """
    definition = dict(checklist.definition)
    if version is not None:
        definition["version"] = version
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(_shaped(definition, "", checklist.languages), stream)
    return stream.getvalue()


def _shaped(value: object, name: str, languages: Sequence[str]) -> Any:
    """A value with its style: texts quoted, in the languages' order; short groups on one line, others not."""
    if isinstance(value, Mapping):
        texts = name in _TEXTS
        group = CommentedMap()
        for key in sorted(value, key=languages.index) if texts else value:
            part = value[key]
            group[key] = DoubleQuotedScalarString(part) if texts else _shaped(part, str(key), languages)
        plain = not any(isinstance(part, Mapping | list) and name != "when" for part in value.values())
        if plain and name and (not texts or len(group) <= ON_ONE_LINE):
            group.fa.set_flow_style()
        return group
    if isinstance(value, list):
        entries = CommentedSeq([_shaped(entry, "", languages) for entry in value])
        if not any(isinstance(entry, Mapping | list) for entry in value):
            entries.fa.set_flow_style()
        return entries
    return value
