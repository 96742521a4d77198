"""The sheet for the staff room: rates, strengths first, and nothing of one visit or one person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.config import LANGUAGES
from checker.reports.branch import branch_report
from checker.reports.look import Look, Paper
from checker.standards.model import Axis, Level
from checker.summaries.values import BranchMonth
from checker.words import words_for
from tests.reports.making import LONG, NAMES, branch, quotes, short_checklist
from tests.reports.reading import pages, places, read, sizes, text

EN = words_for("en")


def made(summary: BranchMonth, language: str = "en") -> bytes:
    return branch_report(summary, words_for(language), audience="meeting", look=Look("Nordline"))


def test_it_names_nobody_and_no_visit() -> None:
    summary = replace(branch(), quotes=quotes(40))
    whole = text(made(summary))
    for secret in (*NAMES, *(line.code for line in summary.employees), " Oct 2026", "critical finding"):
        assert secret not in whole
    assert "B001" not in whole
    assert "Not the sole basis for a personnel decision." in whole


def test_every_standard_is_there_strengths_first() -> None:
    summary = branch()
    whole = text(made(summary))
    names = [one for one in summary.standards if one.asked >= 5]
    assert whole.count(" n = ") >= len(names)
    best = max(names, key=lambda one: one.interval.low if one.interval else 0)
    worst = min(names, key=lambda one: one.interval.high if one.interval else 1)
    said = [EN.percent(one.share or 0).replace("\u00a0", " ") for one in (best, worst)]
    assert whole.index(said[0]) < whole.index(said[1])


@pytest.mark.parametrize("n", [1, 4])
def test_fewer_than_five_visits_show_no_figure(n: int) -> None:
    (only,) = pages(made(replace(branch(n), quotes=quotes(9))))
    assert "too few to show without pointing to one" in only
    assert "%" not in only.replace("95 % intervals", "")
    assert "Nobody looked up" not in only


def test_without_visits_it_says_so() -> None:
    (only,) = pages(made(branch(0)))
    assert "No visit counts in this month." in only


def test_a_question_asked_less_than_five_times_is_left_out_and_counted() -> None:
    summary = branch()
    rare = replace(summary.standards[0], asked=4, met=1, share=0.25)
    whole = text(made(replace(summary, standards=(rare, *summary.standards[1:]))))
    assert "25.0 %" not in whole
    assert "1 question was asked in fewer than 5 visits and is not shown." in whole


def test_where_two_work_nothing_is_said_of_what_employees_do() -> None:
    summary = branch(per_employee=(12, 9))
    whole = text(made(summary))
    theirs = [one for one in summary.standards if one.item.level is Level.EMPLOYEE]
    assert theirs
    assert "Greeting within 30 s" not in whole
    assert f"{len(theirs)} questions about what an employee does are not shown" in whole
    assert "Greeting within 30 s" in text(made(replace(summary, working=None)))  # not recorded at all


@pytest.mark.parametrize("n", [9, 21])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_three_lines_to_write_on_are_left_at_least(n: int, paper: Paper) -> None:
    look = Look("Nordline", paper=paper)
    last = pages(branch_report(branch(n), EN, audience="meeting", look=look))[-1]
    assert "What By Measured by 1 2 3" in last


def test_only_words_on_the_branch_are_quoted() -> None:
    held = quotes(40)
    summary = replace(branch(), quotes=held)
    own = sum(one.item.level is Level.BRANCH for one in held)
    assert own
    assert text(made(summary)).count("Nobody looked up") == min(own, 6)
    theirs = tuple(one for one in held if one.item.level is Level.EMPLOYEE)
    assert "What shoppers wrote" not in text(made(replace(summary, quotes=theirs)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_stands_on_the_page_in_every_language(language: str) -> None:
    summary = branch(12, of=short_checklist(), name=LONG)
    content = made(replace(summary, quotes=quotes(9)), language)
    assert "□" not in text(content)
    assert min(sizes(content)) >= 7.0
    assert read(content).root_object["/Lang"] == language
    for x, y in places(content):
        assert 40 < x < 595 - 40
        assert 25 < y < 842 - 40
    assert summary.axes[Axis.STANDARD].n == 12
