"""A branch's report: names stay in the branch, small numbers are said to be small, nobody is ranked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date

import pytest

from checker.config import LANGUAGES
from checker.reports import claims
from checker.reports.branch import branch_report
from checker.reports.look import Look
from checker.standards.model import Axis
from checker.summaries.values import BranchMonth, Decision, EditionText, EmployeeLine
from checker.words import words_for
from tests.reports.making import LONG, NAMES, OCTOBER, branch, checklist, quotes, short_checklist
from tests.reports.reading import body, pages, places, read, sizes, text, titles

EN = words_for("en")
LOOK = Look("Nordline")
HOSTILE = '<img src="/etc/passwd"> & </b> 3 < 5'


def made(summary: BranchMonth, audience: str = "manager", language: str = "en", look: Look = LOOK) -> bytes:
    return branch_report(summary, words_for(language), audience=audience, look=look)


def short(n: int = 12, **changes: object) -> BranchMonth:
    return replace(branch(n, of=short_checklist(), per_employee=(3, 2, 1)), **changes)


def row(whole: str, name: str) -> str:
    """Give what stands in the table of employees after a name, up to the end of its days."""
    found = re.search(re.escape(name) + r"((?:(?!Not the sole).){0,80})", whole)
    assert found
    return found[1]


def test_page_one_says_where_the_branch_stands_and_what_to_work_on() -> None:
    first = pages(made(branch()))[0]
    assert "Łódź Piotrkowska (B001): Store visit" in first
    assert "Compliance is 72.8 %, below the target of 85 %." in first
    for words in (
        "Change on the month before",
        "Experience",
        "Greeting, median time",
        "Next steps",
        "n = 21",
    ):
        assert words in first


def test_employees_are_listed_by_name_in_the_order_given_and_small_numbers_are_said() -> None:
    summary = branch()
    whole = text(made(summary))
    listed = [whole.index(line.name) for line in summary.employees if line.name]
    assert listed == sorted(listed)
    for line in summary.employees:
        said = row(whole, line.name or "")
        assert said.startswith(f" {line.n} ")
        assert EN.percent(line.mean or 0).replace("\u00a0", " ") in said
        assert ("too few to compare" in said[:40]) == (line.n < 5)
    assert "Not the sole basis for a personnel decision." in whole


def test_leaderships_copy_has_codes_and_only_figures_of_five_visits() -> None:
    summary = branch()
    whole = text(made(summary, "leadership"))
    for name in NAMES:
        assert name not in whole
    for line in summary.employees:
        said = row(whole, line.code)
        assert said.startswith(f" {line.n} ")
        figure = EN.percent(line.mean or 0).replace("\u00a0", " ")
        assert (figure in said[:30]) == (line.n >= 5)
        assert EN.days(*line.span) not in said[:60]
    assert "Served by" not in whole and "First and last visit" not in whole
    assert "Not the sole basis for a personnel decision." in whole


def test_a_withheld_figure_is_not_shown_even_with_five_visits() -> None:
    """The complement of a hidden figure is hidden too, as the summary says."""
    line = EmployeeLine(
        "E0007", None, 6, 0.91, 0.82, None, OCTOBER, OCTOBER, None, too_few=False, withheld=True
    )
    said = row(text(made(short(employees=(line,)), "leadership")), "E0007")
    assert said.startswith(" 6 – not shown")


def test_a_quarter_is_said_to_be_one() -> None:
    line = branch().employees[0]
    quarter = replace(line, n=6, too_few=False, since=OCTOBER.back(3), through=OCTOBER.back(1))
    said = " ".join(text(made(short(employees=(quarter,)), "leadership")).split())
    assert "July 2026 to September 2026: the last quarter that is over" in said


def test_without_attribution_there_are_no_employees() -> None:
    summary = short(employees=())
    whole = text(made(replace(summary, visits=tuple(replace(one, employees=()) for one in summary.visits))))
    assert "Employees In the order" not in whole
    assert "Served by" not in whole


def test_visits_are_listed_by_day_without_a_clock_time() -> None:
    summary = branch(21)
    whole = body(made(summary))
    listed = whole[whole.index("Visits 21 of 22 count; with a critical finding: 3") :]
    for line in summary.visits:
        assert EN.day(line.day) in listed
    assert not re.search(r"\b\d{1,2}:\d{2}\b", listed[: listed.index("Visits that could not")])
    assert "31 Oct 2026 store branch closed – –" in listed
    assert listed.count("critical finding") >= sum(line.flagged for line in summary.visits)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"state": "void"}, "void"),
        ({"practice": True}, "practice"),
        ({"excluded": True}, "left out of figures"),
        ({}, "not in figures"),
    ],
)
def test_a_visit_that_does_not_count_says_why(changes: dict[str, object], words: str) -> None:
    summary = short(6)
    lines = (replace(summary.visits[0], counted=False, **changes), *summary.visits[1:])
    assert words in text(made(replace(summary, visits=lines)))


def test_a_branch_with_one_visit_makes_no_claim() -> None:
    content = made(branch(1, per_employee=(1,)))
    whole = body(content)
    assert "Compliance is 100.0 % on 1 visit, too few to compare." in whole
    before_method = whole[: whole.index("How these figures are made")]
    for claim in ("above target", "below target", " rose ", " fell "):
        assert claim not in before_method
    assert "nan" not in whole and "None" not in whole
    inside_the_page(content)


def test_with_too_few_visits_standards_are_counted_and_not_drawn() -> None:
    summary = branch(1, per_employee=(1,))
    first, second, *_ = pages(made(summary))
    missed = [one for one in summary.standards if one.met < one.asked]
    assert missed
    assert "Standards that were not met in every visit" in first
    assert first.count("0 of 1") == min(len(missed), 12)
    assert second.count("1 of 1") == sum(one.met == one.asked == 1 for one in summary.standards)
    assert second.count("not asked") == sum(not one.asked for one in summary.standards)


def test_a_branch_without_visits_takes_one_page() -> None:
    (only,) = pages(made(branch(0)))
    assert "No visit counts in this month." in only
    assert "None" not in only


def test_the_shape_beside_a_median_is_said_in_words() -> None:
    (greeting,) = [one for one in branch(21).standards if one.timing]
    (first, *_) = pages(made(branch(21)))
    tile = first[first.index("median time") : first.index("it never happened")]
    assert claims.against_named_target(greeting, EN).replace("\xa0", " ") in tile
    assert "within 30 s" in tile


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_decisions_of_an_edition_stand_on_page_one(language: str) -> None:
    decisions = (Decision("Second greeter", "Mara", date(2026, 11, 30), "Greeted in time"),) * 3
    edition = EditionText(2, "We thank everybody. " * 20, decisions, date(2026, 11, 4))
    summary = branch(21)
    content = branch_report(summary, words_for(language), audience="leadership", look=LOOK, edition=edition)
    assert pages(content)[0].count("Second greeter") == 3


def test_the_visits_of_a_month_stand_together_on_a_page() -> None:
    for n in (11, 21):
        content = made(branch(n))
        held = [page.count(" store ") for page in pages(content)]
        assert sum(1 for count in held if count > 3) == 1, held


def test_few_standards_all_stand_on_page_one() -> None:
    summary = short()
    first = pages(made(summary))[0]
    for one in summary.standards[1:]:
        assert EN.percent(one.share or 0).replace("\u00a0", " ") in first
    assert "Every standard, in the order" not in text(made(summary))


def test_many_standards_have_a_page_of_their_own() -> None:
    summary = branch()
    whole = text(made(summary))
    listed = whole[whole.index("Every standard, in the order") :]
    for one in summary.standards:
        assert EN.percent(one.share or 0).replace("\u00a0", " ") in listed


def test_what_people_typed_comes_out_as_typed() -> None:
    summary = short()
    person = replace(summary.employees[0], name=HOSTILE)
    visit = replace(summary.visits[0], employees=(HOSTILE,))
    summary = replace(
        summary,
        branch=replace(summary.branch, name=HOSTILE),
        employees=(person, *summary.employees[1:]),
        visits=(visit, *summary.visits[1:]),
    )
    content = made(summary, look=Look(HOSTILE))
    assert text(content).count(HOSTILE) >= 4
    assert read(content).metadata.title == f"{HOSTILE}, October 2026"


def test_names_of_eighty_letters_stand_on_the_page() -> None:
    summary = short()
    employees = tuple(replace(line, name=LONG) for line in summary.employees)
    visits = tuple(replace(line, employees=(LONG, LONG)) for line in summary.visits)
    content = made(
        replace(
            summary,
            branch=replace(summary.branch, name=LONG),
            employees=employees,
            visits=visits,
        )
    )
    assert LONG in text(content)
    inside_the_page(content)


def inside_the_page(content: bytes) -> None:
    for x, y in places(content):
        assert 40 < x < 595 - 40
        assert 25 < y < 842 - 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_builds_without_a_missing_sign(language: str) -> None:
    content = made(branch(), "manager", language)
    assert "□" not in text(content)
    assert read(content).root_object["/Lang"] == language
    inside_the_page(content)


def test_it_is_small_readable_and_has_an_outline() -> None:
    content = made(branch())
    assert len(content) <= 64 * 1024
    assert min(sizes(content)) >= 7.0
    assert {"Branch report", "Employees", "Visits"} <= set(titles(read(content)))
    assert len(pages(content)) <= 4


def test_a_checklist_without_times_or_experience_has_other_tiles() -> None:
    summary = branch(12, of=checklist("b2b_service"))
    figure = summary.axes[Axis.EXPERIENCE]
    empty = replace(figure, n=0, mean=None, interval=None, target=None)
    first = pages(made(replace(summary, axes={**summary.axes, Axis.EXPERIENCE: empty})))[0]
    assert "Counted visits" in first
    assert "Standards above target" in first


def test_the_same_month_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from tests.reports.test_branch import made; from tests.reports.making import branch; "
        "sys.stdout.buffer.write(made(branch()))"
    )
    builds = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert builds == {made(branch())}


# --- quotes -------------------------------------------------------------------------------------------------


def test_quotes_stand_whole_with_their_question_and_the_day_where_it_is_told() -> None:
    whole = text(made(replace(branch(), quotes=quotes(4))))
    assert "Nobody looked up for 1 minute" in whole
    assert "Greeting within 30 s, not met, store, 2 Oct 2026" in whole
    assert "one visit each, which is no rule" in whole
    leaving = tuple(replace(one, day=None) for one in quotes(4))
    whole = text(made(replace(branch(), quotes=leaving), "leadership"))
    assert "Greeting within 30 s, not met, store" in whole
    assert "store, 2 Oct" not in whole


def test_of_very_many_quotes_each_question_has_its_turn_and_their_number_is_said() -> None:
    whole = text(made(replace(branch(), quotes=quotes(40))))
    assert "12 of 40 are here" in whole
    assert whole.count("Nobody looked up") == 12
    assert "What shoppers wrote" not in text(made(branch()))


def test_a_quote_comes_out_as_typed() -> None:
    summary = replace(branch(), quotes=tuple(replace(one, text=HOSTILE) for one in quotes(3)))
    assert text(made(summary)).count(HOSTILE) == 3
    assert text(made(summary, "meeting")).count(HOSTILE) <= 3


def test_that_it_is_no_sole_basis_is_said_without_employees_too() -> None:
    assert "Not the sole basis for a personnel decision." in text(made(replace(branch(), employees=())))
