"""A small checklist file for tests, ways to change it, and what reading refuses."""

from __future__ import annotations

from typing import Any

import pytest

from checker.standards.faults import Refused
from checker.standards.model import Checklist
from checker.standards.parse import read_yaml

KIOSK = """\
id: kiosk
version: 1
title: {en: Kiosk}
languages: [en]
sections:
  - id: door
    title: {en: At the door}
    items:
      - id: greeted
        type: yes_no_na
        points: 2
        axis: standard
        level: employee
        text: {en: The employee said hello.}
      - id: note
        type: text
        text: {en: What else?}
"""
"""The smallest checklist worth asking; line 9 begins its first item."""

GREETED = KIOSK[KIOSK.index("      - id: greeted") : KIOSK.index("      - id: note")]


def kiosk(old: str = "", new: str = "", text: str = KIOSK) -> Checklist:
    """The kiosk's file, one part of it replaced."""
    assert old in text
    return read_yaml(text.replace(old, new, 1), "kiosk.yaml")


def with_item(lines: str, text: str = KIOSK) -> str:
    """`text` with one more item before its last, given by its lines; in `KIOSK` it begins on line 15."""
    first, *rest = lines.strip().splitlines()
    item = "\n".join([f"      - {first}", *(f"        {line}" for line in rest)])
    return text.replace("      - id: note", f"{item}\n      - id: note")


def read_item(lines: str) -> Any:
    return read_yaml(with_item(lines), "kiosk.yaml").items[1]


def faults(source: str | bytes) -> list[tuple[int, str]]:
    """(line, code) of every fault of a file."""
    with pytest.raises(Refused) as refused:
        read_yaml(source, "kiosk.yaml")
    return [(int(fault.place.removeprefix("kiosk.yaml:")), fault.code) for fault in refused.value.faults]


def refusal(source: str | bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_yaml(source, "kiosk.yaml")
    return str(refused.value)


SCORED = "points: 4\naxis: experience\nlevel: branch\ntext: {en: x}\n"
"""What every scored item needs."""

OPTIONS = """\
options:
  - {id: all, text: {en: All}, points: 2}
  - {id: some, text: {en: Some}, points: 0.5}
  - {id: none_, text: {en: None}}"""
CHOSEN = f"axis: standard\nlevel: branch\ntext: {{en: x}}\n{OPTIONS}\n"
"""What a choice or multi needs beside its type."""
