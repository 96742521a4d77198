"""docs/scoring.md is read, and every example on it is scored and compared."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from checker.standards.model import (
    WHOLE,
    Axis,
    Band,
    Choice,
    Count,
    Duration,
    Item,
    Level,
    Multi,
    Number,
    Score,
)
from checker.standards.score import explain, percent
from checker.standards.statistics import wilson
from tests.standards.making import RULES, checklist, item, option, scored, section, units, when

PAGE = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text("utf-8")
TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)
EXAMPLE = re.compile(
    r"(?P<table>^\| Question \|.*\n(?:\|.*\n)+)"
    r"(?:\n(?P<explanation>\| Explanation \|.*\n(?:\|.*\n)+))?"
    r"\nResult: (?P<result>(?:.+\n)+)",
    re.MULTILINE,
)
EXAMPLES = list(EXAMPLE.finditer(PAGE))
LEFT = "—"


def cells(table: str) -> list[list[str]]:
    """The rows of a Markdown table, without its head."""
    return [[cell.strip() for cell in row.strip("|\n").split("|")] for row in table.splitlines()[2:]]


def name_of(match: re.Match) -> str:
    line = PAGE.count("\n", 0, match.start()) + 1
    return f"{rule_of(match)}, line {line}"


def rule_of(match: re.Match) -> str:
    return re.findall(r"^### (SC-\d\d)", PAGE[: match.start()], re.MULTILINE)[-1]


class Example:
    """One table of the page as a checklist with its answers, read row by row."""

    def __init__(self, match: re.Match) -> None:
        self.result, self.explanation = match["result"], match["explanation"]
        self.ids: dict[str, str] = {}
        self.earns: dict[str, str] = {}
        self.said: dict[str, object] = {}
        self.sections: list[tuple[int | None, list[Item]]] = [(None, [])]
        self.rest: dict[str, object] = {}
        for row in cells(match["table"]):
            self.read(row)

    def read(self, row: list[str]) -> None:
        question, kind, points, answer, earns = row
        if cap := re.fullmatch(r"\*critical cap (\d+) %\*", question):
            self.rest["critical_cap"] = int(cap[1]) * WHOLE // 100
        elif weight := re.fullmatch(r"\*\*.*, weight (\d+)\*\*", question):
            self.sections.append((int(weight[1]), []))
        else:
            name = self.ids.setdefault(question, f"q{len(self.ids)}")
            made = self.item(name, kind, points)
            self.sections[-1][1].append(made)
            self.said[name] = answer_of(made, answer)
            self.earns[name] = earns

    def item(self, name: str, kind: str, points: str) -> Item:
        words, *flags = kind.split("; ")
        rest: dict[str, object] = {}
        for flag in flags:
            match flag.split():
                case ["experience"]:
                    rest["axis"] = Axis.EXPERIENCE
                case ["employee"]:
                    rest["level"] = Level.EMPLOYEE
                case ["critical" | "bonus" | "trial" as word]:
                    rest[word] = True
                case ["only", "after", "yes", "to", *question]:
                    rest["when"] = (when(self.ids[" ".join(question).strip("“”")], "yes"),)
                case _:
                    pytest.fail(f"no such flag: {flag}")
        return item(name, rule(words), points, **rest)

    def score(self) -> Score:
        sections = [
            section(f"s{n}", *items, weight=weight)
            for n, (weight, items) in enumerate(self.sections)
            if items
        ]
        return scored(checklist(*sections, **self.rest), **self.said)


def rule(words: str):
    if times := re.fullmatch(r"time (\d+)/(\d+) s", words):
        return Duration(int(times[1]), int(times[2]))
    if maximum := re.fullmatch(r"count to (\d+)", words):
        return Count(int(maximum[1]), int(maximum[1]))
    kind, _, parts = words.partition(": ")
    pairs = [part.rsplit(" ", 1) for part in parts.split(", ")] if parts else []
    match kind:
        case "choice":
            return Choice(tuple(option(*pair) for pair in pairs), frozenset())
        case "tick":
            return Multi(tuple(option(*pair) for pair in pairs))
        case "number":
            bands = re.findall(r"to (\S+) (\d+) %", parts)
            return Number(
                bands=tuple(Band(Decimal(edge), int(share) * WHOLE // 100) for edge, share in bands)
            )
    return RULES["yes_no_na" if kind == "yes/no" else kind]


def answer_of(made: Item, answer: str) -> object:
    if answer == "n/a":
        return {"na": True}
    match made.type:
        case "duration" if answer != "never":
            return {"value": answer.split(" s")[0], "estimated": answer.endswith("from memory")}
        case "count" | "scale":
            return int(answer)
        case "multi":
            return answer.split(" + ")
    return answer


@pytest.mark.parametrize("match", EXAMPLES, ids=name_of)
def test_an_example_is_right(match):
    """SC-01 to SC-14, as the page tells them."""
    example = Example(match)
    result = example.score()
    for line in result.lines:
        if example.earns[line.item.id] == LEFT:
            assert line.possible == 0
        else:
            assert line.earned == units(example.earns[line.item.id])
            assert line.possible == line.item.points
    claims = re.findall(r"\*\*(Compliance|Experience|Employee) (no score|[\d.]+ %)\*\*", example.result)
    assert claims
    for name, claim in claims:
        assert claim == shown(result, name)
    for flag in re.findall(r"\*\*((?:not )?flagged)\*\*", example.result):
        assert result.flagged is (flag == "flagged")
    for earned, possible in re.findall(r"\(([\d.]+) of ([\d.]+) points\)", example.result):
        part = result.axes[Axis.STANDARD]
        assert (part.earned, part.possible) == (units(earned), units(possible))


def shown(result: Score, name: str) -> str:
    if name == "Employee":
        (part,) = result.employees.values()
    else:
        part = result.axes[Axis.STANDARD if name == "Compliance" else Axis.EXPERIENCE]
    return "no score" if part.share is None else f"{percent(part.share)} %"


@pytest.mark.parametrize("match", [each for each in EXAMPLES if each["explanation"]], ids=name_of)
def test_an_explanation_is_right(match):
    """SC-14"""
    example = Example(match)
    question = {name: words for words, name in example.ids.items()}
    told = [
        (
            {"item": "", "bonus": "bonus: "}.get(each.kind, each.kind.replace("_", " "))
            + question.get(each.item, ""),
            f"{float(each.share) * 100:.2f}",
        )
        for each in explain(example.score())
    ]
    assert told == [tuple(row) for row in cells(match["explanation"])]


def test_each_rule_that_has_points_has_an_example():
    rules = {rule_of(match) for match in EXAMPLES}
    assert rules == {f"SC-{number:02}" for number in range(1, 15)} - {"SC-12"}


def test_the_ranges_of_shares_are_right():
    (table,) = [each for each in TABLE.findall(PAGE) if each.startswith("| met |")]
    for met, asked, share, shown_range in cells(table):
        interval = wilson(int(met), int(asked))
        assert share == f"{percent(int(met) * WHOLE // int(asked))} %"
        assert shown_range == f"{interval.low * 100:.1f} % – {interval.high * 100:.1f} %"
