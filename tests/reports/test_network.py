"""The network's report: page one alone says where it stands, and claims only what the figures do."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from checker.config import LANGUAGES
from checker.reports import branches_part, claims
from checker.reports.look import Look
from checker.reports.network import network_report
from checker.standards.costs import Earned, costs
from checker.standards.model import Axis, Checklist
from checker.standards.statistics import Change, Verdict
from checker.summaries.claims import proposals
from checker.summaries.values import Decision, EditionText, NetworkMonth, Place
from checker.words import Words, words_for
from tests.reports.making import CITIES, LONG, checklist, network, short_checklist
from tests.reports.reading import pages, places, read, sizes, text, titles

EN = words_for("en")
LOOK = Look("Nordline")
HOSTILE = '<img src="/etc/passwd"> & </b> 3 < 5'


def made(summary: NetworkMonth, language: str = "en", look: Look = LOOK) -> bytes:
    return network_report(summary, words_for(language), look=look)


@cache
def october() -> tuple[NetworkMonth, tuple[str, ...]]:
    """Give the month most tests read, and its pages."""
    summary = network(42)
    return summary, tuple(pages(made(summary)))


def lowest(content: bytes, page: int) -> float:
    """Give how far above the foot of the paper the words of a page end, the method under them left out."""
    return min(y for _, y in places(content, page) if y > 50)


def small(**changes: object) -> NetworkMonth:
    return replace(network(8, of=short_checklist()), **changes)


def test_page_one_says_where_the_network_stands() -> None:
    summary, (first, *_) = october()
    compliance = summary.axes[Axis.STANDARD]
    assert "Nordline, 42 branches: Store visit" in first
    assert "Compliance rose by 2.1 points to 82.5 % but is below the target of 85 %." in first
    assert f"n = {compliance.n}" in first
    assert "95 % interval 81.7 to 83.2 %" in first
    for word in (
        "Experience",
        "Greeting within 30 s",
        "Branches above target",
        "Thirteen months",
        "Decisions",
    ):
        assert word in first
    assert f"{len(summary.below)} below, {len(summary.undecided)} not decided" in first


def test_the_lead_tells_what_follows_the_headline_and_how_many_waited() -> None:
    summary, (first, *_) = october()
    lead = "“The employee introduced themselves by name” fell by 14.0 points to 71.8 %, below the target"
    assert first.index("Compliance rose by") < first.index(lead) < first.index("Thirteen months")
    (greeting,) = [one.timing for one in summary.standards if one.timing]
    later = greeting.timed - greeting.within_limit
    assert f"n = 877: {later} later, {greeting.never} never" in first


def test_page_one_names_the_branches_that_stand_out_for_certain() -> None:
    summary, (first, *_) = october()
    assert len(summary.above) > 2 and len(summary.below) > 2
    for said, band in (("above", summary.above), ("below", summary.below)):
        one, other = (line.branch.name for line in band[:2])
        assert f"{said}: {one}, {other} and {len(band) - 2} more" in first.replace(" ,", ",")
    alone = replace(summary, above=summary.above[:1], below=())
    (first, *_) = pages(made(alone))
    assert f"above: {summary.above[0].branch.name}" in first and "below: " not in first


def test_long_names_of_branches_that_stand_out_stand_whole_on_page_one() -> None:
    summary = network(42, names=(LONG,))
    (first, *_) = pages(made(summary))
    assert f"above: {LONG}" in first and f"below: {LONG}" in first


def test_page_one_keeps_room_to_write_decisions() -> None:
    for seed in range(3):
        assert "What Owner By 1 " in pages(made(network(20, seed=seed)))[0]


def test_of_the_few_standards_that_cost_most_each_may_be_decided_about() -> None:
    summary = network(8)
    three = tuple(
        replace(one, verdict=Verdict.UNDECIDED, change=Change.UNDECIDED) for one in summary.standards[:3]
    )
    tied = costs([Earned(one.standard, "s", None, 60, 300, 600) for one in three])
    plain = replace(summary, above=(), below=(), too_few=(), without_visits=(), standards=three, costs=tied)
    proposed = proposals(plain)
    assert [(one.kind, one.standard) for one in proposed] == [
        ("mend_cost", one.standard) for one in sorted(three, key=lambda one: one.standard)
    ]


def test_page_one_is_full_and_holds_the_decisions_whatever_stands_above() -> None:
    foreword = EditionText(1, "A word. " * 40, (), date(2026, 11, 2))
    for count, edition in ((42, None), (8, None), (42, foreword), (8, foreword)):
        content = network_report(network(count), EN, look=LOOK, edition=edition)
        assert "Decisions" in pages(content)[0]
        assert lowest(content, 0) < 110


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_decisions_of_an_edition_stand_on_page_one_of_letter_paper_too(language: str) -> None:
    what = "Fund a second greeter at the door of the branches with the longest waits of all"
    decisions = (Decision(what, "Regional managers", date(2026, 11, 30), "Visits greeted in time"),) * 3
    edition = EditionText(2, "We thank everybody. " * 20, decisions, date(2026, 11, 4))
    letter = Look("Nordline", paper="Letter")
    for summary in (network(42), network(8, names=(LONG,))):
        first = pages(network_report(summary, words_for(language), look=letter, edition=edition))[0]
        assert first.count("Regional managers") == 3


def test_no_page_but_the_last_is_half_empty() -> None:
    for count in (8, 42):
        content = made(network(count))
        for number in range(1, len(pages(content)) - 1):
            assert lowest(content, number) < 400, number + 1


def test_strengths_stand_before_gaps() -> None:
    summary, (first, *_) = october()
    shares = {
        one.verdict: EN.percent(one.share).replace("\u00a0", " ") for one in summary.standards if one.share
    }
    assert Verdict.ABOVE in shares and Verdict.BELOW in shares
    section = first[first.index("Standards above target, then those below") :]
    assert section.index("above target") < section.index("below target")


@pytest.mark.parametrize("count", [14, 90])
def test_every_branch_is_there_once_in_the_appendix_with_its_state(count: int) -> None:
    summary = network(count)
    whole = text(made(summary))
    appendix = whole[whole.index("Every branch, by name") :]
    bands = (
        (summary.above, "above target"),
        (summary.below, "below target"),
        (summary.undecided, "not decided"),
        (summary.too_few, "too few to compare"),
    )
    for band, state in bands:
        for line in band:
            figure = EN.percent(line.mean).replace("\u00a0", " ")
            interval = claims.bounds(line.interval, EN)
            row = f"{line.branch.name} {line.branch.code} {line.n} {figure} {interval} {state}"
            assert appendix.count(row) == 1
    for place in summary.without_visits:
        assert f"{place.name} {place.code} 0 – – no visits" in appendix


def test_few_branches_stand_in_their_bands_and_of_many_the_two_ends() -> None:
    """At most twelve at either end, those with fewer than 5 visits in neither."""
    few = network(14)
    page = next(page for page in pages(made(few)) if "Above target, by the lower end" in page)
    for line in few.compared:
        assert line.branch.name in page
    many = network(90)
    best, worst = branches_part.ends(many)
    assert len(best) == len(worst) == 12
    assert not set(best) & set(worst)
    lowest, highest = min(line.interval.low for line in best), max(line.interval.high for line in worst)
    for line in set(many.compared) - {*best, *worst}:
        assert line.interval.low <= lowest
        assert line.interval.high >= highest
    page = next(page for page in pages(made(many)) if "Highest and lowest 12" in page)
    for line in (*best, *worst):
        assert f"{branches_part.ranks(line, EN)} {line.branch.name}" in page


def test_bands_are_headed_by_how_many_there_are() -> None:
    summary, (_, second, *_) = october()
    above, below, rest = len(summary.above), len(summary.below), len(summary.undecided)
    assert f"Branches above the target of 85 %: {above} of {above + below + rest}, below: {below};" in second
    assert "Fewer than 5 visits, too few to compare" in second


@pytest.mark.parametrize("seed", range(4))
def test_above_and_below_are_said_as_often_as_verdicts_allow(seed: int) -> None:
    """Rows of the full list say each standard's standing once: a claim too many would be counted here."""
    summary = network(6, seed=seed, per_branch=12)
    page = next(page for page in pages(made(summary)) if "Every standard, in the order" in page)
    listed = page[page.index("Every standard, in the order") :]
    for verdict, words in ((Verdict.ABOVE, "above target"), (Verdict.BELOW, "below target")):
        assert listed.count(words) == sum(one.verdict is verdict for one in summary.standards)


def test_a_standard_on_trial_makes_no_claim() -> None:
    summary = small()
    tried = tuple(
        replace(one, item=replace(one.item, trial=True), verdict=Verdict.BELOW) for one in summary.standards
    )
    whole = text(made(replace(summary, standards=tried, findings=summary.findings[:1])))
    assert whole.count("on trial, no claim") == len(tried)


def test_a_month_without_visits_is_said_in_words() -> None:
    content = made(_empty(network(5)))
    whole = text(content)
    assert "No visit counts in this month." in whole
    assert "No branch had the 5 visits that a comparison takes." in whole
    assert CITIES[0] in whole
    assert "nan" not in whole and "None" not in whole


def _empty(summary: NetworkMonth) -> NetworkMonth:
    none = network(0)
    everywhere = tuple(
        line.branch for line in (*summary.above, *summary.undecided, *summary.below, *summary.too_few)
    )
    return replace(none, branches=5, without_visits=everywhere)


def test_no_branch_at_all_still_makes_a_report() -> None:
    assert len(pages(made(network(0)))) >= 1


def test_without_targets_nothing_is_above_or_below() -> None:
    whole = text(made(network(12, target=None)))
    before_method = whole[: whole.index("How these figures are made")]
    assert "above target," not in before_method.lower().replace("branches above target", "")
    assert "No target is set, so no branch is called above or below." in whole
    assert "Branches by name" in whole


def test_a_changed_checklist_makes_no_claim_of_change() -> None:
    summary = network(12)
    whole = text(made(replace(summary, mix_changed=True)))
    assert "new checklist version, not compared" in whole
    assert "The month before rests on another version of the checklist" in whole


def test_without_targets_tiles_tell_of_visits() -> None:
    summary = network(14, target=None)
    first = pages(made(summary))[0]
    visited = summary.branches - len(summary.without_visits)
    assert f"Branches visited {visited} of {summary.branches}" in first
    assert "Branches above target" not in first


def test_a_region_says_its_name() -> None:
    reader = read(made(small(scope=Place("S", "South Coast"), regions=())))
    assert reader.metadata.title == "Region report, October 2026"
    assert "South Coast, 8 branches" in " ".join(reader.pages[0].extract_text().split())


def test_what_people_typed_comes_out_as_typed() -> None:
    summary = small()
    line = summary.undecided[0]
    place = replace(line.branch, name=HOSTILE)
    section = short_checklist().sections[0]
    item = replace(section.items[0], text={"en": HOSTILE})
    of = Checklist(
        "short", 1, {"en": HOSTILE}, ("en",), (replace(section, items=(item, *section.items[1:])),)
    )
    summary = replace(
        summary,
        undecided=(replace(line, branch=place), *summary.undecided[1:]),
        series=replace(summary.series, checklist=of),
    )
    whole = text(made(summary, look=Look(HOSTILE)))
    assert whole.count(HOSTILE) >= 3


def test_names_of_eighty_letters_stand_on_the_page() -> None:
    content = made(network(12, names=(LONG,)))
    assert LONG in text(content)
    inside_the_page(content)


def inside_the_page(content: bytes) -> None:
    for x, y in places(content):
        assert 40 < x < 595 - 40
        assert 25 < y < 842 - 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_builds_with_its_own_figures_and_without_a_missing_sign(language: str) -> None:
    summary = network(6)
    content = made(summary, language)
    whole = text(content)
    assert "□" not in whole
    assert words_for(language).percent(summary.axes[Axis.STANDARD].mean).replace("\u00a0", " ") in whole
    assert read(content).root_object["/Lang"] == language
    inside_the_page(content)


class Wordy(Words):
    """A language whose words are a third longer than ours."""

    def gettext(self, text: str, **values: object) -> str:
        longer = " ".join(word if "%" in word else word + "n" * (len(word) // 3) for word in text.split(" "))
        return longer % values if values else longer


def test_a_language_of_longer_words_keeps_every_number_of_visits_and_stays_on_the_page() -> None:
    summary = network(6)
    content = network_report(summary, Wordy("de"), look=LOOK)
    page = next(page for page in pages(content) if "ordern of then checklistnnn" in page)
    for one in summary.standards:
        assert f"n = {one.asked}" in page
    inside_the_page(content)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_cut(language: str) -> None:
    assert "…" not in text(made(network(42), language))


def test_no_word_is_too_small_to_read_on_paper() -> None:
    assert min(sizes(made(network(42)))) >= 7.0


def test_letter_paper_takes_the_same_report() -> None:
    content = network_report(network(14), EN, look=Look("Nordline", paper="Letter"))
    assert float(read(content).pages[0].mediabox.width) == 612


def test_title_and_outline_lead_through_the_report() -> None:
    reader = read(made(network(14)))
    assert reader.metadata.title == "Network report, October 2026"
    assert {"Network overview", "Branches", "Standards", "Thirteen months"} <= set(titles(reader))


def test_the_same_month_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from tests.reports.test_network import made; from tests.reports.making import network; "
        "sys.stdout.buffer.write(made(network(14)))"
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
    assert builds == {made(network(14))}


@pytest.mark.parametrize("name", ["online_contact", "phone_call", "b2b_service"])
def test_other_checklists_choose_their_own_tiles(name: str) -> None:
    first = pages(made(network(6, of=checklist(name))))[0]
    timed = {
        "online_contact": "First reply within 20 s",
        "phone_call": "within 20 s",
        "b2b_service": "Standards above",
    }
    assert timed[name] in first
