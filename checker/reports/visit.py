"""One visit on paper, with how its scores come about; what travels tells no hour and no shopper."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from checker.reports import answers, claims, naming
from checker.reports.look import Look
from checker.reports.page import DEFAULT_LOOK, Report, Tile
from checker.reports.tables import Cell, Column, Table
from checker.standards.model import Axis, FreeText, Line
from checker.standards.month import Month
from checker.standards.score import Explanation
from checker.summaries.values import VisitSheet
from checker.words import NO_FIGURE, Words


def visit_report(sheet: VisitSheet, words: Words, *, look: Look = DEFAULT_LOOK) -> bytes:
    """Give a visit as PDF: scores, critical findings, what the shopper wrote, every answer with what it adds
    (SC-14), and what became of the visit.

    Of moments it tells the day, to whomever it is made for: a paper is handed on. Who served stands in it as
    the sheet has it. The same sheet gives the same bytes.
    """
    checklist, line = sheet.checklist, sheet.line
    report = Report(
        words.gettext("%(branch)s, visit of %(day)s", branch=sheet.branch.name, day=words.day(line.day)),
        period=words.month(Month.of(line.day)),
        language=words.language,
        method=words.gettext(
            "Version %(n)s of this visit. One visit tells how it went once; it decides nothing about a "
            "branch or a person.",
            n=sheet.revision,
        ),
        page_of=lambda page, pages: words.gettext("%(page)s of %(pages)s", page=page, pages=pages),
        look=look,
        keywords=f"{checklist.id} {checklist.version}",
    )
    report.page(words.gettext("Visit"))
    _head(report, sheet, words)
    _critical(report, sheet, words)
    _written(report, sheet, words)
    _answers(report, sheet, words)
    _sums(report, sheet, words)
    _hidden(report, sheet, words)
    _circumstances(report, sheet, words)
    _history(report, sheet, words)
    return report.render()


# --- what it comes to ---------------------------------------------------------------------------------------


def _head(report: Report, sheet: VisitSheet, words: Words) -> None:
    checklist, line = sheet.checklist, sheet.line
    report.subject(
        words.gettext(
            "%(branch)s (%(code)s): %(checklist)s",
            branch=sheet.branch.name,
            code=sheet.branch.code,
            checklist=f"{words.text(checklist.title, checklist.languages)} {checklist.version}",
        )
    )
    report.headline(words.gettext("Visit of %(day)s", day=words.day(line.day)))
    about = [words.gettext(naming.METHODS[line.method]), claims.channel_name(line.channel, words)]
    if line.employees:
        about.append(words.gettext("served by %(people)s", people=words.all_of(line.employees)))
    about += [said for _, said in naming.flags(line, words)]
    report.text(" · ".join(about))
    if line.outcome != "completed":
        outcome = claims.outcome_name(line.outcome, words)
        report.section(words.gettext("Not completed: %(outcome)s.", outcome=outcome))
        report.text(words.gettext("Such a visit has no score."))
        if sheet.reason:
            report.text(sheet.reason)
        return
    report.tiles(_tiles(sheet, words))
    if sheet.reason:
        report.section(words.gettext("Remark"))
        report.text(sheet.reason)


def _tiles(sheet: VisitSheet, words: Words) -> list[Tile]:
    line = sheet.line
    nothing = words.gettext("nothing could be earned")
    found = [
        Tile(
            words.gettext(claims.AXIS_NAMES[axis]),
            NO_FIGURE if share is None else words.millionths(share),
            nothing if share is None else "",
        )
        for axis, share in ((Axis.STANDARD, line.compliance), (Axis.EXPERIENCE, line.experience))
        if axis is Axis.STANDARD or any(item.axis is axis and item.scored for item in sheet.checklist.items)
    ]
    if line.service_level:
        found.append(Tile(words.gettext("The service felt"), claims.level_name(line.service_level, words)))
    judged = [one for one in _lines(sheet) if one.met is not None and not one.item.trial]
    met = words.gettext(
        "%(part)s of %(whole)s",
        part=words.number(sum(bool(one.met) for one in judged)),
        whole=words.number(len(judged)),
    )
    return [*found, Tile(words.gettext("Questions met"), met)]


def _critical(report: Report, sheet: VisitSheet, words: Words) -> None:
    missed = [one for one in _lines(sheet) if one.item.critical and one.met is False]
    if not missed:
        return
    report.section(words.gettext("Critical findings"))
    columns = (
        Column(words.gettext("Question"), 5.0, wrap=True),
        Column(words.gettext("Answer"), 2.0, wrap=True),
    )
    rows = [
        (Cell(_question(one, sheet, words), 600, state="below"), _said(one, sheet, words)) for one in missed
    ]
    report.table(Table(columns, rows, 8.0))


def _written(report: Report, sheet: VisitSheet, words: Words) -> None:
    """Give every word of the shopper's, whole, each under its question."""
    held: list[tuple[str, str]] = []
    for one in _lines(sheet):
        if one.answer is None or one.hidden:
            continue
        texts = [str(one.answer.value)] if isinstance(one.item.rule, FreeText) and one.answer.value else []
        texts += [one.answer.note] if one.answer.note else []
        held += [(_question(one, sheet, words), text) for text in texts]
    if not held:
        return
    report.section(words.gettext("What the shopper wrote"))
    for question, text in held:
        report.note(question, after=2.0)
        report.text(text)


# --- every answer -------------------------------------------------------------------------------------------


def _answers(report: Report, sheet: VisitSheet, words: Words) -> None:
    by_section: dict[str, list[Line]] = {}
    for one in _lines(sheet):
        if not one.hidden and not isinstance(one.item.rule, FreeText):
            by_section.setdefault(one.section, []).append(one)
    if not by_section:
        return
    worth = {one.item: one for one in sheet.explanation if one.item is not None}
    note = words.gettext("The last column says how many points of the score each answer adds.")
    report.section(words.gettext("Answers"), note if sheet.score else "")
    columns = (
        Column(words.gettext("Question"), 4.4, wrap=True),
        Column(words.gettext("Answer"), 1.7, wrap=True),
        Column(words.gettext("Met"), 1.0, wrap=True),
        Column(words.gettext("Points"), 1.1, "end"),
        Column(words.gettext("Adds"), 0.9, "end"),
    )
    rows: list[Sequence[str | Cell]] = []
    for section in sheet.checklist.sections:
        if section.id in by_section:
            title = words.text(section.title, sheet.checklist.languages)
            rows.append((Cell(title, 600, "accent"), "", "", "", ""))
            rows += [_row(one, sheet, worth, words) for one in by_section[section.id]]
    report.table(Table(columns, rows))


def _row(
    one: Line, sheet: VisitSheet, worth: Mapping[str, Explanation], words: Words
) -> Sequence[str | Cell]:
    explained = worth.get(one.item.id)
    points = ""
    if one.possible:
        points = words.gettext(
            "%(earned)s of %(possible)s",
            earned=answers.units(one.earned, words),
            possible=answers.units(one.possible, words),
        )
    return (
        _question(one, sheet, words),
        _said(one, sheet, words) or Cell(words.gettext("not answered"), role="muted"),
        _met(one, words),
        points,
        "" if explained is None else words.part(float(explained.share)),
    )


def _met(one: Line, words: Words) -> str | Cell:
    if one.item.trial:
        return Cell(words.gettext("on trial"), role="muted")
    if one.met is None:
        return ""
    if one.met:
        return words.gettext("met, just late") if one.within_tolerance else words.gettext("met")
    return Cell(words.gettext("not met"), 600, state="below")


def _question(one: Line, sheet: VisitSheet, words: Words) -> str:
    text = words.text(one.item.text, sheet.checklist.languages)
    return words.gettext("%(question)s (critical)", question=text) if one.item.critical else text


def _said(one: Line, sheet: VisitSheet, words: Words) -> str:
    return answers.in_words(one.answer, one.item, sheet.checklist.languages, words)


def _lines(sheet: VisitSheet) -> Sequence[Line]:
    """Give the score's lines; for a visit without score, what was answered before it ended."""
    if sheet.score is not None:
        return sheet.score.lines
    return [
        Line(item, section.id, sheet.answers[item.id], 0, 0, None)
        for section in sheet.checklist.sections
        for item in section.items
        if item.id in sheet.answers
    ]


def _sums(report: Report, sheet: VisitSheet, words: Words) -> None:
    """Show how each axis adds up; its lines are those of the explanation, and their sum is the score."""
    if sheet.score is None:
        return
    rows: list[Sequence[str | Cell]] = []
    for axis, part in sheet.score.axes.items():
        if part.share is None:
            continue
        lines = [one for one in sheet.explanation if one.axis is axis]
        rows.append((Cell(words.gettext(claims.AXIS_NAMES[axis]), 600, "accent"), ""))
        earned = words.gettext(
            "Answers: %(earned)s of %(possible)s points",
            earned=answers.units(part.earned, words),
            possible=answers.units(part.possible, words),
        )
        rows.append((earned, _total(lines, "item", words)))
        rows += [
            (words.gettext(naming.ADJUSTMENTS[one.kind]), words.part(float(one.share)))
            for one in lines
            if one.kind not in ("item", "bonus")
        ]
        if any(one.kind == "bonus" for one in lines):
            rows.append((words.gettext(naming.ADJUSTMENTS["bonus"]), _total(lines, "bonus", words)))
        rows.append((Cell(words.gettext("Score"), 600), Cell(words.millionths(part.share), 600)))
    if rows:
        with report.together():
            report.section(words.gettext("How the scores add up"))
            columns = (Column("", 4.0, wrap=True), Column(words.gettext("Adds"), 1.0, "end"))
            report.table(Table(columns, rows))


def _total(lines: Iterable[Explanation], kind: str, words: Words) -> str:
    return words.part(float(sum((one.share for one in lines if one.kind == kind), Fraction(0))))


def _hidden(report: Report, sheet: VisitSheet, words: Words) -> None:
    held = [one for one in _lines(sheet) if one.hidden and one.answer is not None]
    if not held:
        return
    report.section(
        words.gettext("Answered, but not asked in the end"),
        words.gettext("An earlier answer made these questions fall away, so they are not scored."),
    )
    columns = (
        Column(words.gettext("Question"), 5.0, wrap=True),
        Column(words.gettext("Answer"), 3.0, wrap=True),
    )
    report.table(
        Table(columns, [(_question(one, sheet, words), _with_note(one, sheet, words)) for one in held])
    )


def _with_note(one: Line, sheet: VisitSheet, words: Words) -> str:
    note = one.answer.note if one.answer else ""
    return " – ".join(part for part in (_said(one, sheet, words), note) if part)


# --- around it ----------------------------------------------------------------------------------------------


def _circumstances(report: Report, sheet: VisitSheet, words: Words) -> None:
    rows = [
        (words.gettext(naming.CONTEXT[key]), _plainly(said, words))
        for key, said in sheet.context.items()
        if key in naming.CONTEXT and said not in (None, "")
    ]
    if rows:
        report.section(words.gettext("The visit"))
        columns = (Column("", 2.0, wrap=True), Column("", 5.0, wrap=True))
        report.table(Table(columns, rows))


def _plainly(said: object, words: Words) -> str:
    if isinstance(said, bool):
        return words.gettext("Yes") if said else words.gettext("No")
    return str(said)


def _history(report: Report, sheet: VisitSheet, words: Words) -> None:
    """List decisions and versions by day; none tells who."""
    rows = [(words.day(one.day), words.gettext(naming.EVENTS[one.kind]), one.reason) for one in sheet.events]
    if len(sheet.revisions) > 1:
        rows += [
            (words.day(one.day), words.gettext("Version %(n)s", n=one.n), one.reason)
            for one in sheet.revisions
        ]
    if rows:
        report.section(words.gettext("What became of it"))
        columns = (
            Column(words.gettext("Day"), 1.2),
            Column(words.gettext("What"), 2.0, wrap=True),
            Column(words.gettext("Reason"), 5.0, wrap=True),
        )
        report.table(Table(columns, rows))
