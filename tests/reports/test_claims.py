"""Every sentence is a claim: it says no more than its figures, and there are words for every finding."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from hypothesis import given
from hypothesis import strategies as st

from checker.reports import claims
from checker.standards.model import WHOLE, Axis
from checker.standards.statistics import Change, Verdict
from checker.summaries.claims import findings
from checker.summaries.values import AxisFigure, Finding
from checker.words import words_for
from tests.reports.making import axis_figure, checklist, share_figure

ROOT = Path(__file__).parents[2]
EN = words_for("en")
LIST = checklist()

SCORES = st.lists(st.integers(300_000, WHOLE), max_size=30)
TARGETS = st.sampled_from([None, 0.5, 0.75, 0.85, 0.95])


def figures(axis: Axis) -> st.SearchStrategy[AxisFigure]:
    return st.builds(
        lambda now, before, target, compared: axis_figure(axis, now, before, target, compared=compared),
        SCORES,
        SCORES,
        TARGETS,
        st.booleans(),
    )


SHARES = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair)))


@given(SHARES, SHARES, TARGETS, st.booleans())
def test_a_sentence_on_a_standard_claims_what_its_intervals_allow(
    now: tuple[int, int], before: tuple[int, int], target: float | None, trial: bool
) -> None:
    figure = share_figure(replace(LIST.item["introduced"], trial=trial), now, before, target)
    none = axis_figure(Axis.STANDARD, [800_000], [], None)
    axes = {Axis.STANDARD: none, Axis.EXPERIENCE: replace(none, axis=Axis.EXPERIENCE)}
    about = " ".join(
        one for one in claims.sentences(findings(axes, (figure,)), LIST, EN) if one.startswith("“")
    )
    enough = now[1] >= 5 and not trial
    below = enough and target is not None and figure.interval.high < target
    fell = enough and before[1] >= 5 and figure.difference.high < 0
    assert ("below the target" in about) == below
    assert (" fell by " in about) == fell
    assert (EN.percent(figure.share) in about) if below or fell else not about
    standing = claims.standing(figure, EN)
    assert ("above target" in standing) == (
        enough and target is not None and figure.interval is not None and figure.interval.low > target
    )
    assert ("below target" in standing) == below


@given(figures(Axis.STANDARD), figures(Axis.EXPERIENCE))
def test_a_sentence_claims_what_the_interval_allows_and_nothing_else(
    compliance: AxisFigure, experience: AxisFigure
) -> None:
    axes = {Axis.STANDARD: compliance, Axis.EXPERIENCE: experience}
    said = claims.sentences(findings(axes, ()), LIST, EN)
    for name, figure in (("Compliance", compliance), ("Experience", experience)):
        about = " ".join(
            one for one in said if one.startswith(f"{name} ") and "standards are kept" not in one
        )
        decided = figure.target is not None and figure.interval is not None and figure.n >= 5
        above = decided and figure.interval.low > figure.target
        below = decided and figure.interval.high < figure.target
        assert (" above the target" in about) == above
        assert (" below the target" in about) == below
        compared = figure.n >= 5 and figure.n_before >= 5 and figure.difference is not None
        rose = compared and figure.difference.low > 0
        fell = compared and figure.difference.high < 0
        assert (" rose " in about) == rose
        assert (" fell " in about) == fell
        if about:
            assert EN.percent(figure.mean) in about
        if rose or fell:
            assert f"{EN.points(figure.mean - figure.mean_before)} points" in about
    everything = " ".join(said)
    assert "%(" not in everything and "None" not in everything


def test_there_are_words_for_every_kind_of_finding() -> None:
    kinds = re.findall(r'"(\w+)"', Finding.__doc__ or "")
    assert len(kinds) >= 11
    for kind in kinds:
        for axis in Axis:
            one = Finding(kind, axis, "greeting_time", 0.7, 0.85, -0.02, 21)
            (said,) = claims.sentences((one,), LIST, EN)
            assert said.endswith(".")


def test_an_unknown_kind_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="moon"):
        claims.sentences((Finding("moon"),), LIST, EN)


def test_a_figure_and_its_change_are_one_sentence() -> None:
    found = (
        Finding("axis_below", share=0.824, target=0.85, n=2344),
        Finding("rose", share=0.824, difference=0.018, n=2344),
        Finding("standard_fell", standard="introduced", share=0.667, difference=-0.1, n=842),
    )
    assert claims.sentences(found, LIST, EN) == (
        "Compliance rose by 1.8 points to 82.4\u00a0% but is below the target of 85\u00a0%.",
        "“The employee introduced themselves by name” fell by 10.0 points to 66.7\u00a0%.",
    )


def test_a_standards_gap_and_fall_are_one_sentence() -> None:
    found = (
        Finding("standard_below", standard="introduced", share=0.64, target=0.8, n=111),
        Finding("standard_fell", standard="introduced", share=0.64, target=0.8, difference=-0.259, n=111),
    )
    assert claims.sentences(found, LIST, EN) == (
        "“The employee introduced themselves by name” fell by 25.9 points to 64.0\u00a0%, below the target "
        "of 80\u00a0%.",
    )


def test_a_timed_question_is_named_so_that_more_is_better() -> None:
    assert claims.standard_named("greeting_time", LIST, EN) == "Greeting within 30\u00a0s"
    assert claims.standard_named("gone", LIST, EN) == "gone"


@pytest.mark.parametrize("verdict", list(Verdict))
def test_without_a_target_nothing_is_above_or_below(verdict: Verdict) -> None:
    said = claims.against_target(verdict, None, 9, EN)
    assert "above" not in said and "below" not in said
    assert claims.state(verdict, None) == "none"


def test_a_change_that_is_not_decided_is_given_with_its_sign_and_said_so() -> None:
    figure = axis_figure(Axis.STANDARD, [800_000] * 6 + [900_000], [800_000] * 7, 0.85)
    assert figure.change is Change.UNDECIDED
    assert claims.since_last_month(figure, EN) == "+1.4 points, not decided"
    assert claims.since_last_month(figure, EN, compared=False) == "new checklist version, not compared"


def test_every_text_of_reports_is_found_by_extraction() -> None:
    found: set[str] = set()
    for file in (ROOT / "checker" / "reports").glob("*.py"):
        for _, text, *_ in extract_from_file("python", str(file)):
            found |= {text} if isinstance(text, str) else set(text)
    tables = (claims.AXIS_NAMES, *claims._AXES.values())
    assert {text for table in tables for text in table.values()} <= found
    assert "“%(standard)s” fell by %(points)s points to %(share)s." in found
    assert "“%(standard)s”" in found  # each language has marks of its own


@pytest.mark.parametrize(
    "file", sorted((ROOT / "checker" / "reports").glob("*.py")), ids=lambda file: file.stem
)
def test_no_text_is_said_that_extraction_cannot_see(file: Path) -> None:
    """A text is written where it is said, or taken from a table whose texts are marked."""
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("gettext", "ngettext"):
            assert isinstance(call.args[0], ast.Constant | ast.Subscript), f"{file.name}:{call.lineno}"
