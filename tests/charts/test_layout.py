"""What a chart must not lose where room is short, and what several charts on a page share."""

from dataclasses import replace

from checker.charts.dots import Row
from checker.charts.funnel import Spot
from checker.charts.model import Drawing, Text
from checker.charts.strips import Strip, Strips
from checker.charts.trend import SmallMultiples
from tests.charts.cast import WORDS, dots, funnel, trend

YESES = 'How many times could the customer sincerely answer "yes" to the questions?'


def words(drawing: Drawing) -> list[str]:
    return [mark.text for mark in drawing.marks if isinstance(mark, Text)]


def test_what_counts_as_met_stands_after_the_label_where_notes_have_no_column() -> None:
    chart = dots()
    said = "below target, fell by 22.3"
    row = Row(YESES, 0.48, 0.4, 0.57, 0.4, "below", said, 132, "3 of 3")
    for label in (YESES, YESES * 4):
        drawn = replace(chart, rows=(*chart.rows, replace(row, label=label))).draw(420)
        assert "(3 of 3)" in " ".join(words(drawn))
        assert "3 of 3" not in words(drawn)
    wide = replace(chart, rows=(*chart.rows, row)).draw(900)
    assert "3 of 3" in words(wide)


def test_a_funnel_shows_both_limits_where_every_branch_is_above_the_mean() -> None:
    chart = funnel()
    alike = tuple(Spot(f"Branch {n}", 0.82, n) for n in (10, 11, 11))
    drawn = replace(chart, spots=alike).draw(500, 240)
    scale = [int(word) for word in words(drawn) if word.isdigit() and int(word) > 20]
    near = next(limit for limit in chart.funnel if limit.n == 11)
    assert min(scale) <= near.low * 100 and max(scale) >= min(near.high, 1) * 100


def test_bands_of_one_page_share_their_columns() -> None:
    first = Strip("Oulu Valkea", 0.9, 0.85, 0.95, 12, "1–4")
    second = Strip("Kraków Rynek", 0.6, 0.5, 0.7, 112, "11")
    columns = ("Branch", "Compliance", "from", "to", "Visits", "Ranks", "State")

    def ticks(strip: Strip) -> list[float]:
        chart = Strips("Branches", "", (strip,), WORDS, columns, scale=(0.4, 1.0), aligned=(first, second))
        return [mark.x for mark in chart.draw(500).marks if isinstance(mark, Text) and mark.text.isdigit()][
            :3
        ]

    assert ticks(first) == ticks(second)


def test_a_name_of_eighty_letters_stands_whole_in_a_column_over_the_page() -> None:
    name = "Hypermarkt am Neuen Kirchplatz, Einkaufszentrum Süd, zweites Untergeschoss links"
    strip = Strip(name, 0.9, 0.85, 0.95, 112, "28–36", "below", "below target")
    columns = ("Branch", "Compliance", "from", "to", "Visits", "Ranks", "State")
    assert name in words(Strips("Branches", "", (strip,), WORDS, columns, across=1).draw(511))


def test_a_long_title_of_a_small_multiple_is_not_cut() -> None:
    panels = (trend(YESES), *(trend(f"Standard {number}") for number in range(7)))
    drawn = SmallMultiples("Standards", "One scale.", panels, across=4).draw(511, 240)
    said = words(drawn)
    assert YESES in " ".join(said)
    assert not any("…" in word for word in said)
