"""The nine checklists that come with Checker, the schema for editors, and the page about the format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import indent

import jsonschema
import pytest

from checker.standards.canonical import canonical, digest
from checker.standards.keys import CHECKLIST, ITEM, OPTION, SECTION, TYPES, UNSCORED
from checker.standards.model import (
    POINT,
    WHOLE,
    Answer,
    Axis,
    Checklist,
    Count,
    Duration,
    Item,
    Level,
    Scale,
    State,
    YesNo,
)
from checker.standards.parse import read_definition, read_yaml, schema, warnings
from checker.standards.score import score
from checker.standards.yaml_lines import read

FOLDER = Path(__file__).parent.parent / "checklists"
FILES = sorted(FOLDER.glob("*.yaml"))
README = (FOLDER / "README.md").read_text()
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
FIVE = ("en", "fi", "de", "pl", "ro")

every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def shipped(file: Path) -> Checklist:
    return read_yaml(file.read_bytes(), file.name)


def test_nine_checklists_come_with_checker() -> None:
    assert {file.stem for file in FILES} == {
        "store_visit",
        "online_contact",
        "phone_call",
        "bank_branch",
        "restaurant",
        "clinic",
        "hotel_tourism",
        "education",
        "b2b_service",
    }


@every_file
def test_a_file_is_named_after_its_checklist_and_known_to_editors(file: Path) -> None:
    assert shipped(file).id == file.stem
    assert file.read_text().startswith("# yaml-language-server: $schema=checklist.schema.json\n")


@every_file
def test_every_checklist_is_worth_100_points(file: Path) -> None:
    """SC-01; `total` is declared in each file, so reading has compared it already."""
    checklist = shipped(file)
    assert sum(item.points for item in checklist.items if not item.bonus and not item.trial) == 100 * POINT
    assert "total: 100\n" in file.read_text()


@every_file
def test_full_marks_are_100_percent_and_no_marks_0(file: Path) -> None:
    """SC-01, SC-07"""
    checklist = shipped(file)
    for answer, share in ((best, WHOLE), (worst, 0)):
        answers = {item.id: answer(item) for item in checklist.items if item.scored}
        scored = score(checklist, answers, {})
        assert {axis: part.share for axis, part in scored.axes.items()} == dict.fromkeys(Axis, share)


def best(item: Item) -> Answer:
    match item.rule:
        case YesNo():
            return Answer(item.id, True)
        case Duration(target_s=target):
            return Answer(item.id, target * 1000)
        case Count(maximum=maximum):
            return Answer(item.id, maximum)
        case Scale():
            return Answer(item.id, 5)
    raise NotImplementedError(item.type)


def worst(item: Item) -> Answer:
    match item.rule:
        case YesNo():
            return Answer(item.id, False)
        case Duration():
            return Answer(item.id, state=State.NEVER)
        case Count():
            return Answer(item.id, 0)
        case Scale():
            return Answer(item.id, 1)
    raise NotImplementedError(item.type)


def test_two_checklists_speak_five_languages_the_others_english() -> None:
    languages = {file.stem: shipped(file).languages for file in FILES}
    assert languages.pop("store_visit") == FIVE
    assert languages.pop("online_contact") == FIVE
    assert set(languages.values()) == {("en",)}


def test_nothing_shipped_is_warned_about() -> None:
    """Not even across the nine: items that share a standard measure the same."""
    checklists = [shipped(file) for file in FILES]
    for index, checklist in enumerate(checklists):
        assert warnings(checklist, checklists[:index]) == ()


@every_file
def test_nobody_has_to_judge_a_person_who_was_not_there(file: Path) -> None:
    """ "Nobody served me" fills n/a: every scale about the employee allows it."""
    for item in shipped(file).items:
        if isinstance(item.rule, Scale) and item.level is Level.EMPLOYEE:
            assert item.na_allowed, item.id


@every_file
def test_counting_yeses_is_explained(file: Path) -> None:
    for item in shipped(file).items:
        if item.id == "three_yes_count":
            assert set(item.help) == set(shipped(file).languages)


@every_file
def test_a_published_version_reads_back_as_the_file(file: Path) -> None:
    checklist = shipped(file)
    again = read_definition(json.loads(canonical(checklist.definition)))
    assert again == checklist
    assert digest(again.definition) == digest(checklist.definition)


VERSION_1 = {
    "b2b_service": "41fe7b71cafadf0c0bc689a1389906cc96bdf12512312db4a81d2ace3992c9b0",
    "bank_branch": "6fe9cf25ae74d09673334cf822c023ff37acd4e0caab9f4f1d0a18caf7e47422",
    "clinic": "bdccd30585ca4c4e9053e586415c55a9eee42013c59e2ac4dbc6057996c0b770",
    "education": "86a8f4af2fe76f1e66c064b4cbb29f3061ed70dc0c916d3396c2e5c2ea953232",
    "hotel_tourism": "48c3f9e5c43f500b964b108694cf29c3c96a1afdf018036e3f4dc86309b9fc58",
    "online_contact": "5469f8427dbc9cdca34a65a907b7d858f8e92464c602c6617542435789490956",
    "phone_call": "dfc198f5329cab1db2f596965d078cfe0d4f092b6d3ef8cab63a76095666bc00",
    "restaurant": "e6cebee6beb5a0769bcfd4e38414ac448d271f80f4ddfa26893249d302e55c0a",
    "store_visit": "3bab2e2d5a007e974f96f181225a282fdf660e62a9a7551910976104eb7c232e",
}
"""The digests of the first versions, as they were published before a checklist could have events."""


def first_version(file: Path) -> Checklist:
    """The file as it was before it had events."""
    text = re.sub(r"^events:\n(  - .*\n)+\n", "", file.read_text(), flags=re.MULTILINE)
    text = re.sub(r"^ +(from|until): .*\n", "", text, flags=re.MULTILINE)
    return read_yaml(text.replace("version: 2\n", "version: 1\n", 1), file.name)


@every_file
def test_the_first_version_keeps_its_digest(file: Path) -> None:
    """SC-12: a version is frozen, whatever keys the format gains."""
    assert digest(first_version(file).definition) == VERSION_1[file.stem]


@every_file
def test_every_time_is_measured_between_two_taps(file: Path) -> None:
    """What is timed has events, few enough to be found with one hand; what is not, has none."""
    checklist = shipped(file)
    timed = [item.rule for item in checklist.items if isinstance(item.rule, Duration)]
    assert all(rule.start and rule.stop for rule in timed)
    assert len(checklist.events) in (range(2, 6) if timed else range(1))
    assert checklist.version == (2 if timed else 1)


# --- the schema for editors ---------------------------------------------------------------------------------


def test_the_schema_in_the_folder_is_current() -> None:
    """To renew it, write `schema()` with two blanks of indentation into the file."""
    current = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    assert (FOLDER / "checklist.schema.json").read_text() == current


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@every_file
def test_every_shipped_file_is_valid_by_the_schema(file: Path) -> None:
    value = read(file.read_bytes(), file.name).value
    assert [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(value)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 2", "version: two"),
        ("from: entered", "from: [entered]"),
        ("id: entered", "name: entered"),
        ("channel: store", "chanel: store"),
        ("type: yes_no_na", "type: yes_no"),
        ("points: 2", "point: 2"),
        ("points: 2", "points: -2"),
        ("axis: standard", "axis: both"),
        ("target_s: 20", "target: 20"),
        ("max: 3", "max: none"),
        ("type: text", "type: text\n        critical: true"),
        ("id: arrival", "id: The arrival"),
        ('fi: "Saapuminen"', "fi: 7"),
    ],
)
def test_the_schema_finds_what_an_editor_should_mark(old: str, new: str) -> None:
    text = (FOLDER / "store_visit.yaml").read_text()
    assert old in text
    value = read(text.replace(old, new, 1), "spoilt.yaml").value
    assert not jsonschema.Draft202012Validator(schema()).is_valid(value)


# --- the page that explains the format ----------------------------------------------------------------------

WHOLE_LISTS = [block for block in BLOCKS if "\nsections:" in block]
ITEMS = [block for block in BLOCKS if block.startswith("- id:")]


def test_every_block_on_the_page_is_a_checklist_or_items() -> None:
    assert len(WHOLE_LISTS) >= 2
    assert len(WHOLE_LISTS) + len(ITEMS) == len(BLOCKS)


@pytest.mark.parametrize("block", WHOLE_LISTS)
def test_a_whole_checklist_on_the_page_can_be_published(block: str) -> None:
    assert warnings(read_yaml(block, "README.md")) == ()


@pytest.mark.parametrize("block", ITEMS)
def test_items_on_the_page_can_stand_in_a_checklist(block: str) -> None:
    head = "id: any\nversion: 1\ntitle: {en: Any}\nlanguages: [en]\n"
    section = "sections:\n  - id: any\n    title: {en: Any}\n    items:\n"
    assert warnings(read_yaml(head + section + indent(block, "      "), "README.md")) == ()


def test_the_page_shows_every_type_that_earns_points() -> None:
    assert [kind for kind in TYPES if kind not in UNSCORED and f"type: {kind}\n" not in README] == []


def test_the_page_names_every_key_and_every_type() -> None:
    keys = {key.name for record in (CHECKLIST, SECTION, OPTION) for key in record.keys}
    keys |= {key.name for own in ITEM.values() for key in own} | set(TYPES)
    assert [key for key in sorted(keys) if f"`{key}`" not in README] == []


def test_the_page_says_that_translations_are_unread() -> None:
    assert "translations have not yet been read by native speakers" in README
