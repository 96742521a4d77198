"""Charts: data with a place on paper, drawn alike in PDF and as inline SVG.

A chart is frozen data with its words. `draw(width, height, text)` gives the marks, `table()` the same figures
as text; `svg.render` and `reports.page` put the marks on a page. Figures are plain floats in the unit that
`limits` and `words.value` share (shares and scores: 1.0 is 100 %). `text` is the type size: 7.5 points on
paper, about 13 on a screen; `height` may be 0 for Dots and Shares, which then take what they need.

    words = Words(
        value=lambda share: f"{share * 100:.1f} %", tick=lambda share: f"{share * 100:.0f}",
        count=lambda n: f"n = {n}", missing="no visits", cut="The scale does not begin at 0.",
    )
    chart = Trend(
        title="Compliance, last 13 months", description="Rose from 79 % to 82 %; the target is 85 %.",
        months=(Month("Sep", 0.79, 0.75, 0.83, n=40, target=0.85, year="2026"), ...),
        words=words, columns=("Month", "Score", "from", "to", "Target", "Visits"), target_label="Target 85 %",
    )
    markup = svg.render(chart.draw(640, 220, text=13))      # in a page; beside it the table:
    header, rows = chart.table()
    report.chart(chart, height=150)                         # in a PDF, see checker.reports.page

Kinds: Trend and SmallMultiples (trend), Dots (dots), Histogram (histogram), Shares (shares), Funnel (funnel).
State is always a shape and a word: triangle up, triangle down, ring.
"""
