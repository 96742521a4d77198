"""A published checklist written as a file: reading the file gives the same checklist."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.reports.checklist_file import checklist_file
from checker.standards.canonical import canonical, digest
from checker.standards.parse import read_definition, read_yaml
from tests.web.shopping import EVERY_KIND

SHIPPED = sorted((Path(__file__).parents[2] / "checklists").glob("*.yaml"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_checklist_is_itself_again(file: Path):
    checklist = read_yaml(file.read_bytes(), file.name)
    again = read_yaml(checklist_file(checklist), file.name)
    assert digest(again.definition) == digest(checklist.definition)


def test_every_kind_of_item_is_itself_again_and_the_version_can_be_another():
    checklist = read_yaml(EVERY_KIND, "every_kind.yaml")
    assert read_yaml(checklist_file(checklist), "x.yaml") == checklist
    assert read_yaml(checklist_file(checklist, version=7), "x.yaml").version == 7
    assert digest(read_yaml(EVERY_KIND, "x.yaml").definition) == digest(
        checklist.definition
    )  # left as it was


def test_a_word_that_yaml_takes_for_something_else_stays_a_word():
    source = """
id: words
version: 1
title: {en: "- # : {}"}
languages: [en]
sections:
  - id: all
    title: {en: "null"}
    items:
      - {id: "true", type: yes_no_na, points: 1, axis: standard, level: branch, text: {en: "1.0"}}
      - {id: more, type: text, when: {"true": ["no", "na"]}, text: {en: "a\\"b\\\\c\\nd"}}
"""
    checklist = read_yaml(source, "words.yaml")
    assert read_yaml(checklist_file(checklist), "words.yaml") == checklist


def test_words_stand_in_the_order_of_the_languages_also_after_the_database_sorted_them():
    checklist = read_yaml(EVERY_KIND, "every_kind.yaml")
    stored = read_definition(json.loads(canonical(checklist.definition)))
    text = checklist_file(stored)
    assert text == checklist_file(checklist)
    assert 'title: {fi: "Kaikki", en: "Everything"}' in text
