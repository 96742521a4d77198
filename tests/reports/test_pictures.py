"""Charts of a summary's figures: what is drawn adds up to what is said."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from checker.reports import pictures
from checker.standards.model import Duration
from checker.words import words_for
from tests.reports.making import checklist, timing

EN = words_for("en")


def test_bars_beyond_the_limit_add_up_to_what_is_said_to_be_later() -> None:
    (rule,) = [item.rule for item in checklist().items if isinstance(item.rule, Duration)]
    for seed in range(20):
        plain = timing(Random(seed), rule, 200)
        late = sum(n for second, n in plain.seconds.items() if second > rule.limit_s)
        for tolerated in (0, min(3, late), late):
            told = replace(plain, within_limit=plain.within_limit + tolerated)
            chart = pictures.seconds(told, "Greeting", EN)
            beyond = sum(one.count for one in chart.bins if one.late)
            assert beyond == told.timed - told.within_limit
            assert sum(one.count for one in chart.bins) == told.timed
            assert chart.late_label.startswith(EN.percent(beyond / 200))
