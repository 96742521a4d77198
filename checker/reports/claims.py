"""What a report claims: findings, verdicts and changes as whole sentences, never put together from pieces.

A sentence says above, below, rose or fell only where the summary's finding or verdict does; everything else
is "not decided". Web pages may say the same through the same functions.
"""

from collections.abc import Callable, Mapping, Sequence

from checker.charts.model import State
from checker.standards.faults import N_
from checker.standards.model import Axis, Checklist, Count, Duration, Item, Scale
from checker.standards.statistics import Change, Interval, Verdict
from checker.summaries.values import AxisFigure, Finding, Proposal, Signal, StandardFigure
from checker.words import NO_FIGURE, Words

AXIS_NAMES: Mapping[Axis, str] = {Axis.STANDARD: N_("Compliance"), Axis.EXPERIENCE: N_("Experience")}

STATES: Mapping[Verdict, State] = {
    Verdict.ABOVE: "above",
    Verdict.BELOW: "below",
    Verdict.UNDECIDED: "open",
    Verdict.TOO_FEW: "none",
}

_COMPLIANCE: Mapping[tuple[str, str], str] = {
    ("axis_above", ""): N_("Compliance is %(share)s, above the target of %(target)s."),
    ("axis_above", "rose"): N_(
        "Compliance rose by %(points)s points to %(share)s, above the target of %(target)s."
    ),
    ("axis_above", "fell"): N_(
        "Compliance fell by %(points)s points to %(share)s but is above the target of %(target)s."
    ),
    ("axis_below", ""): N_("Compliance is %(share)s, below the target of %(target)s."),
    ("axis_below", "rose"): N_(
        "Compliance rose by %(points)s points to %(share)s but is below the target of %(target)s."
    ),
    ("axis_below", "fell"): N_(
        "Compliance fell by %(points)s points to %(share)s, below the target of %(target)s."
    ),
    ("axis_undecided", ""): N_(
        "Compliance is %(share)s; the visits do not decide whether it reaches the target of %(target)s."
    ),
    ("axis_undecided", "rose"): N_(
        "Compliance rose by %(points)s points to %(share)s; whether it reaches the target of %(target)s is "
        "not decided."
    ),
    ("axis_undecided", "fell"): N_(
        "Compliance fell by %(points)s points to %(share)s; whether it reaches the target of %(target)s is "
        "not decided."
    ),
    ("axis_without_target", ""): N_("Compliance is %(share)s; no target is set."),
    ("axis_without_target", "rose"): N_("Compliance rose by %(points)s points to %(share)s."),
    ("axis_without_target", "fell"): N_("Compliance fell by %(points)s points to %(share)s."),
    ("", "rose"): N_("Compliance rose by %(points)s points on the month before."),
    ("", "fell"): N_("Compliance fell by %(points)s points on the month before."),
}

_EXPERIENCE: Mapping[tuple[str, str], str] = {
    ("axis_above", ""): N_("Experience is %(share)s, above the target of %(target)s."),
    ("axis_above", "rose"): N_(
        "Experience rose by %(points)s points to %(share)s, above the target of %(target)s."
    ),
    ("axis_above", "fell"): N_(
        "Experience fell by %(points)s points to %(share)s but is above the target of %(target)s."
    ),
    ("axis_below", ""): N_("Experience is %(share)s, below the target of %(target)s."),
    ("axis_below", "rose"): N_(
        "Experience rose by %(points)s points to %(share)s but is below the target of %(target)s."
    ),
    ("axis_below", "fell"): N_(
        "Experience fell by %(points)s points to %(share)s, below the target of %(target)s."
    ),
    ("axis_undecided", ""): N_(
        "Experience is %(share)s; the visits do not decide whether it reaches the target of %(target)s."
    ),
    ("axis_undecided", "rose"): N_(
        "Experience rose by %(points)s points to %(share)s; whether it reaches the target of %(target)s is "
        "not decided."
    ),
    ("axis_undecided", "fell"): N_(
        "Experience fell by %(points)s points to %(share)s; whether it reaches the target of %(target)s is "
        "not decided."
    ),
    ("axis_without_target", ""): N_("Experience is %(share)s; no target is set."),
    ("axis_without_target", "rose"): N_("Experience rose by %(points)s points to %(share)s."),
    ("axis_without_target", "fell"): N_("Experience fell by %(points)s points to %(share)s."),
    ("", "rose"): N_("Experience rose by %(points)s points on the month before."),
    ("", "fell"): N_("Experience fell by %(points)s points on the month before."),
}

_AXES: Mapping[Axis, Mapping[tuple[str, str], str]] = {
    Axis.STANDARD: _COMPLIANCE,
    Axis.EXPERIENCE: _EXPERIENCE,
}
_MOVES = ("rose", "fell")
_COSTS = ("costs_most", "costs_tied")


def sentences(findings: Sequence[Finding], checklist: Checklist, words: Words) -> tuple[str, ...]:
    """Give findings as sentences in their order; standing and movement of an axis or standard are one."""
    moved = {one.axis: one for one in findings if one.kind in _MOVES}
    fallen = {one.standard: one for one in findings if one.kind == "standard_fell"}
    below = {one.standard for one in findings if one.kind == "standard_below"}
    stated = {one.axis for one in findings if one.kind.startswith("axis_")}
    said: list[str] = []
    for one in findings:
        if one.kind.startswith("axis_"):
            said.append(_axis(one, one.kind, moved.get(one.axis), words))
        elif one.kind in _MOVES:
            if one.axis not in stated:
                said.append(_axis(one, "", one, words))
        elif one.kind in _COSTS:
            said.append(_costs(one, checklist, words))
        elif one.kind == "standard_below":
            said.append(_standard(one, fallen.get(one.standard), checklist, words))
        elif one.kind == "standard_fell":
            if one.standard not in below:
                said.append(_standard(None, one, checklist, words))
        elif one.kind != "too_few" or one.share is not None:
            said.append(_other(one, words))
    return tuple(said)


def _axis(one: Finding, standing: str, move: Finding | None, words: Words) -> str:
    """Give the sentence on one axis: its standing against the target ("" where unstated) and its change."""
    return words.gettext(
        _AXES[one.axis][standing, move.kind if move else ""],
        share="" if one.share is None else words.percent(one.share),
        target="" if one.target is None else words.target(one.target),
        points=words.points(move.difference) if move and move.difference is not None else "",
    )


def _standard(below: Finding | None, fell: Finding | None, checklist: Checklist, words: Words) -> str:
    """Give the sentence on one standard: its gap to the target, its fall, or both."""
    one = below or fell
    if one is None or one.share is None:
        raise ValueError("a finding on a standard comes with its share")
    name = standard_named(one.standard or "", checklist, words)
    share = words.percent(one.share)
    target = "" if one.target is None else words.target(one.target)
    points = "" if fell is None or fell.difference is None else words.points(fell.difference)
    if fell is None:
        return words.gettext(
            "“%(standard)s” is met in %(share)s of visits, below the target of %(target)s.",
            standard=name,
            share=share,
            target=target,
        )
    if below is None:
        return words.gettext(
            "“%(standard)s” fell by %(points)s points to %(share)s.",
            standard=name,
            share=share,
            points=points,
        )
    return words.gettext(
        "“%(standard)s” fell by %(points)s points to %(share)s, below the target of %(target)s.",
        standard=name,
        share=share,
        points=points,
        target=target,
    )


def _costs(one: Finding, checklist: Checklist, words: Words) -> str:
    """Give the sentence on what costs most of Compliance."""
    if one.kind == "costs_tied":
        names = (_quoted(standard, checklist, words) for standard in one.standards)
        return words.gettext(
            "Most points of Compliance are lost on %(standards)s; which of them costs most is not decided.",
            standards=words.all_of(names),
        )
    return words.gettext(
        "“%(standard)s” costs most, %(points)s points of Compliance.",
        standard=standard_named(one.standard or "", checklist, words),
        points=words.points(one.share or 0.0),
    )


def _quoted(standard: str, checklist: Checklist, words: Words) -> str:
    """A standard's name in the marks of the language."""
    return words.gettext("“%(standard)s”", standard=standard_named(standard, checklist, words))


def what_costs_most(findings: Sequence[Finding], checklist: Checklist, words: Words) -> str:
    """Give the sentence on what costs most of Compliance, empty where none is made."""
    return next((_costs(one, checklist, words) for one in findings if one.kind in _COSTS), "")


def _other(one: Finding, words: Words) -> str:
    share = "" if one.share is None else words.percent(one.share)
    match one.kind:
        case "no_visits":
            return words.gettext("No visit counts in this month.")
        case "too_few" if one.axis is Axis.EXPERIENCE:
            return words.ngettext(
                "Experience is %(share)s on %(n)s visit, too few to compare.",
                "Experience is %(share)s on %(n)s visits, too few to compare.",
                one.n,
                share=share,
            )
        case "too_few":
            return words.ngettext(
                "Compliance is %(share)s on %(n)s visit, too few to compare.",
                "Compliance is %(share)s on %(n)s visits, too few to compare.",
                one.n,
                share=share,
            )
        case "compliance_without_experience":
            return words.gettext(
                "Compliance is above its target and experience below: standards are kept, but not felt."
            )
    raise ValueError(f"no words are known for a finding of the kind {one.kind!r}")


# --- what to look into, and what may be decided ------------------------------------------------------------

_NAMED = 12
"""So many branches or standards a sentence names; the appendix has all of them."""


def signal(one: Signal, checklist: Checklist, words: Words) -> str:
    """Give the sentence on something to look into, its branches or standards named while they are few."""
    standards = (_quoted(standard, checklist, words) for standard in one.standards)
    names = [*standards, *(place.name for place in one.places)]
    said = _SIGNALS[one.kind](one.n, words)
    if not names:
        return said
    if len(names) <= _NAMED:
        return words.gettext("%(finding)s: %(names)s.", finding=said, names=words.all_of(names))
    return (
        words.gettext("%(finding)s; the appendix names them.", finding=said)
        if one.places
        else words.gettext(
            "%(finding)s, among them %(names)s.", finding=said, names=words.all_of(names[:_NAMED])
        )
    )


_SIGNALS: Mapping[str, Callable[[int, Words], str]] = {
    "kept_not_felt": lambda n, words: words.ngettext(
        "%(n)s branch keeps the standards but is below the target of Experience",
        "%(n)s branches keep the standards but are below the target of Experience",
        n,
    ),
    "standards_fell": lambda n, words: words.ngettext(
        "%(n)s standard fell for certain", "%(n)s standards fell for certain", n
    ),
    "critical": lambda n, words: words.ngettext(
        "%(n)s visit has a critical finding.", "%(n)s visits have a critical finding.", n
    ),
    "without_visits": lambda n, words: words.ngettext(
        "%(n)s branch had no counted visit", "%(n)s branches had no counted visit", n
    ),
    "too_few": lambda n, words: words.ngettext(
        "%(n)s branch had fewer than 5 visits, too few to compare",
        "%(n)s branches had fewer than 5 visits, too few to compare",
        n,
    ),
}


def proposal(one: Proposal, checklist: Checklist, words: Words) -> tuple[str, str]:
    """Give what is proposed to be decided, and by what it will be measured."""
    name = standard_named(one.standard or "", checklist, words)
    share = "" if one.share is None else words.percent(one.share)
    target = "" if one.target is None else words.target(one.target)
    met = words.gettext("share of visits meeting it, now %(share)s, %(count)s", share=share,
                        count=words.count(one.n))  # fmt: skip
    if target:
        met = words.gettext(
            "share of visits meeting it, now %(share)s, %(count)s; target %(target)s",
            share=share,
            count=words.count(one.n),
            target=target,
        )
    match one.kind:
        case "mend_fall":
            return words.gettext(
                "Find out why “%(standard)s” fell, and agree what is done.", standard=name
            ), met
        case "mend_cost":
            return words.gettext("Agree what is done about “%(standard)s”.", standard=name), met
        case "help_branches" if len(one.places) == 1:
            return (
                words.gettext("Agree with %(branch)s what is done first.", branch=one.places[0].name),
                words.gettext("Compliance of the branch against the target of %(target)s", target=target),
            )
        case "help_branches":
            return (
                words.gettext(
                    "Agree what is done first at the %(n)s branches below target.",
                    n=words.number(len(one.places)),
                ),
                words.gettext("number of branches below the target of %(target)s", target=target),
            )
        case "warm":
            return (
                words.ngettext(
                    "Look at how service feels at the %(n)s branch that keeps the standards all the same.",
                    "Look at how service feels at the %(n)s branches that keep the standards all the same.",
                    len(one.places),
                ),
                words.gettext("Experience of these branches"),
            )
        case "visit":
            return (
                words.ngettext(
                    "See to it that the %(n)s branch with fewer than 5 visits is visited.",
                    "See to it that the %(n)s branches with fewer than 5 visits are visited.",
                    len(one.places),
                ),
                words.gettext("branches with at least 5 visits"),
            )
        case "keep":
            return words.gettext("Tell everybody what goes well: “%(standard)s”.", standard=name), met
        case "set_target":
            return (
                words.gettext("Set a target for Compliance."),
                words.gettext("a target that is set"),
            )
    raise ValueError(f"no words are known for a proposal of the kind {one.kind!r}")


# --- figures in few words, for tiles, charts and tables -----------------------------------------------------


def state(verdict: Verdict, target: float | None) -> State:
    """Give the shape a verdict is drawn with; without a target there is nothing to be decided."""
    return "none" if target is None else STATES[verdict]


def against_target(verdict: Verdict, target: float | None, n: int, words: Words) -> str:
    """Say where a figure stands: "below target"."""
    if not n:
        return words.gettext("no visits")
    if verdict is Verdict.TOO_FEW:
        return words.gettext("too few to compare")
    if target is None:
        return words.gettext("no target")
    return {
        Verdict.ABOVE: words.gettext("above target"),
        Verdict.BELOW: words.gettext("below target"),
        Verdict.UNDECIDED: words.gettext("not decided"),
    }[verdict]


def against_named_target(figure: AxisFigure | StandardFigure, words: Words) -> str:
    """Say where a figure stands and against what: "below the target of 85 %"."""
    n = figure.n if isinstance(figure, AxisFigure) else figure.asked
    if figure.target is None or figure.verdict is Verdict.TOO_FEW or not n:
        return against_target(figure.verdict, figure.target, n, words)
    target = words.target(figure.target)
    return {
        Verdict.ABOVE: words.gettext("above the target of %(target)s", target=target),
        Verdict.BELOW: words.gettext("below the target of %(target)s", target=target),
        Verdict.UNDECIDED: words.gettext("not decided against %(target)s", target=target),
    }[figure.verdict]


def since_last_month(figure: AxisFigure | StandardFigure, words: Words, *, compared: bool = True) -> str:
    """Say how a figure moved since the month before; not `compared` where the checklist changed meanwhile."""
    moved = difference(figure)
    if not compared:
        return words.gettext("new checklist version, not compared")
    if moved is None:
        return words.gettext("no visits in the month before")
    if figure.change is Change.TOO_FEW:
        return words.gettext("%(points)s points, too few to compare", points=words.difference(moved))
    if figure.change is Change.UNDECIDED:
        return words.gettext("%(points)s points, not decided", points=words.difference(moved))
    points = words.points(moved)
    if figure.change is Change.ROSE:
        return words.gettext("rose by %(points)s points", points=points)
    return words.gettext("fell by %(points)s points", points=points)


def difference(figure: AxisFigure | StandardFigure) -> float | None:
    """Give the figure minus the one of the month before, as a share."""
    if isinstance(figure, AxisFigure):
        now, before = figure.mean, figure.mean_before
    else:
        now = figure.share
        before = figure.met_before / figure.asked_before if figure.asked_before else None
    return None if now is None or before is None else now - before


def standing(figure: StandardFigure, words: Words) -> str:
    """Say where a standard stands and, where it is certain, how it moved: "below target, fell by 9.6"."""
    if figure.item.trial:
        return words.gettext("on trial, no claim")
    here = against_target(figure.verdict, figure.target, figure.asked, words)
    moved = difference(figure)
    if moved is None or figure.change not in (Change.ROSE, Change.FELL):
        return here
    points = words.points(moved)
    if figure.change is Change.ROSE:
        return words.gettext("%(standing)s, rose by %(points)s", standing=here, points=points)
    return words.gettext("%(standing)s, fell by %(points)s", standing=here, points=points)


def interval(figure: AxisFigure | StandardFigure, words: Words) -> str:
    """Say the interval of a figure; empty where there is none."""
    if figure.interval is None:
        return ""
    shown = figure.interval.clipped()
    low, high = words.points(shown.low), words.percent(shown.high)
    return words.gettext("95 %% interval %(low)s to %(high)s", low=low, high=high)


def bounds(interval: Interval | None, words: Words) -> str:
    """Say an interval in a column that is headed so."""
    if interval is None:
        return NO_FIGURE
    shown = interval.clipped()
    return words.gettext("%(low)s–%(high)s", low=words.points(shown.low), high=words.points(shown.high))


def item_name(item: Item, checklist: Checklist, words: Words) -> str:
    """Give the name of what an item measures: its text without the full stop.

    The one timed question of a section is named by both, "Greeting within 30 s": its text alone would leave
    open whether more is better.
    """
    text = words.text(item.text, checklist.languages).rstrip(".")
    if not isinstance(item.rule, Duration):
        return text
    limit = words.seconds(item.rule.limit_s)
    for section in checklist.sections:
        if [one.id for one in section.items if isinstance(one.rule, Duration)] == [item.id]:
            title = words.text(section.title, checklist.languages)
            return words.gettext("%(standard)s within %(limit)s", standard=title, limit=limit)
    return words.gettext("%(standard)s within %(limit)s", standard=text, limit=limit)


def standard_named(standard: str, checklist: Checklist, words: Words) -> str:
    """Give the name of a standard by its id: that of the item that measures it."""
    for item in checklist.items:
        if standard in (item.standard, item.id):
            return item_name(item, checklist, words)
    return standard


def met_when(item: Item, words: Words) -> str:
    """Say from where on an answer meets the standard, in the fewest words; empty for yes, no and times."""
    match item.rule:
        case Count(maximum=maximum, met_at=least) if least == maximum:
            return words.gettext("%(least)s of %(most)s", least=least, most=maximum)
        case Count(maximum=maximum, met_at=least):
            return words.gettext("%(least)s to %(most)s", least=least, most=maximum)
        case Scale(met_at=least):
            return words.gettext("%(least)s to %(most)s", least=least, most=5)
    return ""


def outcome_name(outcome: str, words: Words) -> str:
    """Say how a visit ended."""
    return {
        "completed": words.gettext("completed"),
        "closed": words.gettext("branch closed"),
        "refused": words.gettext("service refused"),
        "recognised": words.gettext("shopper recognised"),
        "unsafe": words.gettext("not safe"),
        "other": words.gettext("other reason"),
    }.get(outcome, outcome)


def channel_name(channel: str, words: Words) -> str:
    """Say where a contact took place."""
    return {
        "store": words.gettext("store"),
        "online": words.gettext("online"),
        "phone": words.gettext("phone"),
    }.get(channel, channel)


def level_name(level: str | None, words: Words) -> str:
    """Say the service level a shopper felt; empty where none was given."""
    return {
        "low": words.gettext("low"),
        "standard": words.gettext("standard"),
        "wow": words.gettext("wow"),
    }.get(level or "", "")
