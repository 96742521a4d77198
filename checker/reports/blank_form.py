"""A checklist on paper, for a visit without a tablet: the same questions, with boxes and lines to fill in."""

from collections.abc import Sequence

from checker.charts.model import Drawing, Line, Sheet, Text
from checker.reports import paper
from checker.reports.look import Look
from checker.reports.page import DEFAULT_LOOK, GAP, Report
from checker.reports.text import paragraph
from checker.standards.model import (
    POINT,
    Checklist,
    Choice,
    Condition,
    Count,
    DateTime,
    Duration,
    FreeText,
    Graded,
    Item,
    Multi,
    Number,
    Photo,
    Scale,
    YesNo,
)
from checker.standards.model import Text as Texts
from checker.standards.when import CONTEXT
from checker.words import Words

_NUMBER = 18.0  # points the number of a question takes
_ANSWER = 0.42  # of the width, at the right
_LINES = 3  # to write a free text on


def blank_form(
    checklist: Checklist, words: Words, *, look: Look = DEFAULT_LOOK, points: bool = False
) -> bytes:
    """Give the checklist as a form to print, in the language of `words` where the checklist has it.

    Points, targets and critical marks are left out unless `points` asks for them: they would tell the
    person who answers what answer is hoped for. The same checklist gives the same bytes.
    """
    title = words.text(checklist.title, checklist.languages)
    report = Report(
        title,
        period=words.gettext("version %(version)s", version=checklist.version),
        language=words.language,
        method=words.gettext(
            "To be filled in after leaving the branch. What did not apply is marked so, never guessed."
        ),
        page_of=lambda page, pages: words.gettext("%(page)s of %(pages)s", page=page, pages=pages),
        look=look,
        keywords=f"{checklist.id} {checklist.version}",
    )
    report.page(title)
    report.headline(title)
    _visit(report, checklist, words)
    form = _Form(checklist, words, report.width, points)
    for section in checklist.sections:
        head = words.text(section.title, checklist.languages)
        report.section(head)
        for item in section.items:
            report.draw(form.question(item), after=7.0)
    _afterwards(report, words)
    return report.render()


def _visit(report: Report, checklist: Checklist, words: Words) -> None:
    """Where, when, who served, and how it ended."""
    report.draw(
        paper.row(
            [
                paper.field(words.gettext("Branch"), report.columns(2)),
                paper.field(words.gettext("Day"), report.columns(1)),
                paper.field(words.gettext("Time the contact began"), report.columns(1)),
            ],
            GAP,
        )
    )
    served = []
    for role in checklist.roles:
        title = words.text(role.title, checklist.languages) or words.gettext("Served by")
        served.append(
            paper.field(
                words.gettext("%(role)s (name on the badge, or a description)", role=title), report.columns(2)
            )
        )
    for start in range(0, len(served), 2):
        report.draw(paper.row(served[start : start + 2], GAP))
    report.section(words.gettext("How did the visit end?"))
    outcomes = (
        words.gettext("Completed"),
        words.gettext("It was closed during its opening hours"),
        words.gettext("I was refused service or asked to leave"),
        words.gettext("I was recognised as a shopper"),
        words.gettext("It was not safe to stay"),
        words.gettext("Something else"),
    )
    report.draw(paper.boxes(outcomes, report.width))
    report.draw(paper.field(words.gettext("If it was not completed: in your words"), report.width))


def _afterwards(report: Report, words: Words) -> None:
    """The circumstances, and the service as it was felt."""
    yes_no = (words.gettext("Yes"), words.gettext("No"))
    with report.together():
        report.section(words.gettext("Circumstances"))
        fields = [
            paper.field(_circumstance(key, words), report.columns(2))
            for key in ("planned_purchase", "expectations_before")
        ]
        report.draw(paper.row(fields, GAP))
        for key in ("first_visit", "purchase_made", "busy"):
            boxes = paper.boxes(yes_no, report.width * _ANSWER)
            report.draw(paper.asked(_circumstance(key, words), boxes, report.width), after=4.0)
        fields = [
            paper.field(_circumstance(key, words), report.columns(2))
            for key in ("customers_waiting", "emotion_after")
        ]
        report.draw(paper.row(fields, GAP))
        levels = (
            words.gettext("Less than expected (low)"),
            words.gettext("As expected (standard)"),
            words.gettext("More than expected (wow)"),
        )
        report.section(words.gettext("How was the service?"))
        report.draw(paper.boxes(levels, report.width))


def _circumstance(key: str, words: Words) -> str:
    """Say what a key of the visit's context asks, as the tablet does."""
    return {
        "scenario": words.gettext("Scenario"),
        "planned_purchase": words.gettext("What you plan to buy or ask for"),
        "expectations_before": words.gettext("What you expect"),
        "first_visit": words.gettext("Is this your first visit here?"),
        "purchase_made": words.gettext("Did you buy anything?"),
        "busy": words.gettext("Was it busy?"),
        "customers_waiting": words.gettext("How many customers were waiting?"),
        "emotion_after": words.gettext("How did you feel afterwards?"),
        "announced_reply_minutes": words.gettext("Announced time to the reply, in minutes"),
    }.get(key, key)


class _Form:
    """Draws one question after another, each with its number."""

    def __init__(self, checklist: Checklist, words: Words, width: float, points: bool) -> None:
        self._checklist = checklist
        self._words = words
        self._width = width
        self._points = points
        self._numbers = {item.id: number for number, item in enumerate(checklist.items, start=1)}

    def question(self, item: Item) -> Drawing:
        """Give a question: number, condition, text and help at the left, the answer's boxes at the right."""
        answer_width = self._width * _ANSWER
        wide = isinstance(item.rule, FreeText)
        left = self._width - _NUMBER - (0.0 if wide else answer_width + 2 * GAP)
        parts = [
            paragraph(self._condition(item), left, 7.2, 9.5, 600, "muted"),
            paragraph(self._text(item.text), left, 9.0, 12.0, 600),
            paragraph(self._text(item.help), left, 7.5, 10.0, role="muted"),
            paragraph(self._worth(item), left, 7.2, 9.5, role="muted"),
        ]
        said = sum(part.height for part in parts)
        answer = self._answer(item, self._width - _NUMBER if wide else answer_width)
        body = said + answer.height if wide else max(said, answer.height)
        note = 0.0 if wide else 16.0
        sheet = Sheet(self._width, body + note + 2.0)
        sheet.add(Text(0.0, 9.3 + parts[0].height, str(self._numbers[item.id]), 9.0, role="muted"))
        y = 0.0
        for part in parts:
            sheet.add(*part.moved(_NUMBER, y))
            y += part.height
        sheet.add(*(answer.moved(_NUMBER, said) if wide else answer.moved(self._width - answer_width, 0.0)))
        if note:
            label = self._words.gettext("Note")
            sheet.add(Text(_NUMBER, sheet.height - 4.0, label, 7.0, role="muted"))
            start = _NUMBER + 26.0
            sheet.add(Line(start, sheet.height - 2.0, self._width, sheet.height - 2.0, "grid", 0.6))
        return sheet.drawing()

    def _text(self, texts: Texts) -> str:
        return self._words.text(texts, self._checklist.languages)

    def _condition(self, item: Item) -> str:
        """Say when the question is asked at all."""
        said = [self._one_condition(condition) for condition in item.when]
        if not said:
            return ""
        return self._words.gettext("Only if %(conditions)s", conditions=self._words.all_of(said))

    def _one_condition(self, condition: Condition) -> str:
        say = self._words.gettext
        if condition.subject.startswith(CONTEXT):
            asked = _circumstance(condition.subject.removeprefix(CONTEXT), self._words)
            subject = say("“%(question)s”", question=asked)
        else:
            subject = say(
                "question %(number)s", number=self._numbers.get(condition.subject, condition.subject)
            )
        if condition.values:
            values = self._words.any_of(self._value(condition.subject, value) for value in condition.values)
            return say("%(subject)s is %(values)s", subject=subject, values=values)
        low, high = condition.minimum, condition.maximum
        if low is not None and high is not None:
            return say("%(subject)s is %(low)s to %(high)s", subject=subject, low=low, high=high)
        if low is not None:
            return say("%(subject)s is at least %(low)s", subject=subject, low=low)
        return say("%(subject)s is at most %(high)s", subject=subject, high=high)

    def _value(self, subject: str, value: str) -> str:
        """Say one value that a condition names."""
        item = self._checklist.item.get(subject)
        if item is not None and isinstance(item.rule, Choice | Multi):
            for option in item.rule.options:
                if option.id == value:
                    return self._text(option.text)
        return {
            "yes": self._words.gettext("Yes"),
            "no": self._words.gettext("No"),
            "na": self._words.gettext("Not applicable"),
            "never": self._words.gettext("It never happened"),
        }.get(value, value)

    def _worth(self, item: Item) -> str:
        """Say points, limits and whether the question is critical, where that is asked for."""
        if not self._points:
            return ""
        parts = []
        if item.points:
            whole, rest = divmod(item.points, POINT)
            figure = str(whole) if not rest else f"{item.points / POINT:g}"
            parts.append(self._words.gettext("points: %(points)s", points=figure))
        if isinstance(item.rule, Duration):
            target, limit = self._words.seconds(item.rule.target_s), self._words.seconds(item.rule.limit_s)
            parts.append(
                self._words.gettext("target %(target)s, limit %(limit)s", target=target, limit=limit)
            )
        if item.critical:
            parts.append(self._words.gettext("critical"))
        if item.trial:
            parts.append(self._words.gettext("on trial, not scored"))
        return ", ".join(parts)

    def _answer(self, item: Item, width: float) -> Drawing:
        """Give boxes and lines for the item's type."""
        say = self._words.gettext
        never = [say("It never happened")] if isinstance(item.rule, Duration) else []
        na = [say("Not applicable")] if item.na_allowed else []
        match item.rule:
            case YesNo():
                return paper.boxes([say("Yes"), say("No"), *na], width)
            case Duration():
                return paper.stack([paper.blank(say("seconds"), width), paper.boxes([*never, *na], width)])
            case Count(maximum=maximum):
                return paper.boxes([*(str(value) for value in range(maximum + 1)), *na], width)
            case Scale() as rule:
                return self._scale(rule, na, width)
            case Choice(options=options):
                return paper.boxes([*(self._text(option.text) for option in options), *na], width)
            case Multi(options=options):
                hint = paragraph(say("Tick all that apply"), width, 7.2, 9.5, role="muted")
                boxes = [*(self._text(option.text) for option in options), *na]
                return paper.stack([hint, paper.boxes(boxes, width)])
            case Graded():
                most = f"{item.points / POINT:g}"
                return self._with(na, paper.blank(say("of %(most)s", most=most), width), width)
            case Number():
                return self._with(na, paper.blank("", width), width)
            case DateTime():
                return paper.row(
                    [paper.field(say("Day"), width / 2 - GAP), paper.field(say("Time"), width / 2 - GAP)], GAP
                )
            case Photo():
                return paper.boxes([say("Photo taken"), *na], width)
            case FreeText():
                return paper.empty_lines(_LINES, width)

    def _scale(self, rule: Scale, na: Sequence[str], width: float) -> Drawing:
        """Give the steps from 1 to 5 with the words for both ends."""
        low, high = self._text(rule.low_label), self._text(rule.high_label)
        ends = self._words.gettext("1: %(low)s, 5: %(high)s", low=low, high=high) if low and high else ""
        steps = paper.boxes([*"12345", *na], width)
        return paper.stack([steps, paragraph(ends, width, 7.2, 9.5, role="muted")])

    def _with(self, na: Sequence[str], answer: Drawing, width: float) -> Drawing:
        return paper.stack([answer, paper.boxes(na, width)]) if na else answer
