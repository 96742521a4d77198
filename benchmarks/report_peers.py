"""A branch's report by other makers of PDF, each as its own documentation shows it.

    python report_peers.py platypus|typst|fpdf2 CONTENTS.json FACE.ttf…

Runs in an environment that has these libraries and not Checker; prints the processor milliseconds of one
report, after a first one that is not counted.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from time import process_time
from typing import Any

Content = dict[str, Any]


def platypus(content: Content, faces: list[str]) -> bytes:
    """Paragraphs everywhere, tables that find their own widths, charts from ReportLab's graphics."""
    from reportlab.graphics.charts.barcharts import VerticalBarChart
    from reportlab.graphics.charts.lineplots import LinePlot
    from reportlab.graphics.shapes import Drawing, Line
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    for number, face in enumerate(faces):
        if f"F{number}" not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(f"F{number}", face))
    body = ParagraphStyle("body", fontName="F0", fontSize=8.5, leading=12)
    heading = ParagraphStyle("heading", fontName="F1", fontSize=10, leading=13, spaceBefore=8)
    headline = ParagraphStyle("headline", fontName="F2", fontSize=16.5, leading=20)
    lines = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.3, colors.grey)])

    def table(rows: list[list[str]]) -> Any:
        cells = [[Paragraph(cell, body) for cell in row] for row in rows]
        return Table(cells, style=lines, repeatRows=1)

    story: list[Any] = [Paragraph(content["title"], heading), Paragraph(content["headline"], headline)]
    story.append(Table([[[Paragraph(part, body) for part in tile] for tile in content["tiles"]]]))
    for trend in content["trends"]:
        drawing = Drawing(500, 110)
        plot = LinePlot()
        plot.x, plot.y, plot.width, plot.height = 30, 15, 440, 85
        plot.data = [list(enumerate(trend))]
        drawing.add(plot)
        story.append(drawing)
    story.append(Paragraph("Standards", heading))
    rows = []
    for *cells, (share, low, high) in content["standards"]:
        strip = Drawing(120, 8)
        strip.add(Line(low * 120, 4, high * 120, 4, strokeWidth=4, strokeColor=colors.lightblue))
        strip.add(Line(share * 120 - 1, 4, share * 120 + 1, 4, strokeWidth=6, strokeColor=colors.blue))
        rows.append([*(Paragraph(cell, body) for cell in cells), strip])
    story.append(Table(rows, style=lines))
    story.append(Paragraph("Seconds until the greeting", heading))
    drawing = Drawing(500, 130)
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 30, 15, 440, 105
    chart.data = [content["bars"]]
    chart.categoryAxis.categoryNames = [str(5 * n) for n in range(len(content["bars"]))]
    drawing.add(chart)
    story.append(drawing)
    for one in content["tables"]:
        story += [Spacer(1, 8), Paragraph(one["title"], heading), table([one["columns"], *one["rows"]])]
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1).build(story)
    return out.getvalue()


def typst(content: Content, faces: list[str]) -> bytes:
    """One source text, compiled; its data comes as typst's own values."""
    import typst as compiler

    def said(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    def row(cells: list[str]) -> str:
        return ", ".join(f"[#{said(cell)}]" for cell in cells)

    source = [
        '#set page(paper: "a4", margin: 42pt)',
        '#set text(font: "Inter", size: 8.5pt)',
        f"#text(size: 10pt)[#{said(content['title'])}]",
        f"#text(size: 16.5pt)[#{said(content['headline'])}]",
        "#grid(columns: 4, gutter: 10pt, "
        + ", ".join("[" + " \\ ".join(f"#{said(part)}" for part in tile) + "]" for tile in content["tiles"])
        + ")",
    ]
    for trend in content["trends"]:
        points = [f"({36 * n}pt, {100 - 90 * mean}pt)" for n, mean in enumerate(trend)]
        moves = ", ".join(f"curve.line({point})" for point in points[1:])
        source.append(f"#curve(stroke: 1pt, curve.move({points[0]}), {moves})")
    cells = []
    for *texts, (share, low, high) in content["standards"]:
        strip = (
            f"#box(width: 120pt, height: 8pt)[#place(dx: {low * 120}pt, rect(width: {(high - low) * 120}pt, "
            f"height: 4pt, fill: aqua)) #place(dx: {share * 120}pt, circle(radius: 2pt, fill: blue))]"
        )
        cells.append(f"{row(texts)}, [{strip}]")
    source.append("#table(columns: 6, stroke: 0.3pt, " + ", ".join(cells) + ")")
    most = max(1, *content["bars"])
    source.append(
        "#stack(dir: ltr, "
        + ", ".join(f"rect(width: 24pt, height: {100 * n / most}pt, fill: blue)" for n in content["bars"])
        + ")"
    )
    for one in content["tables"]:
        rows = ", ".join(row(cells) for cells in one["rows"])
        head = f"table.header({row(one['columns'])})"
        source.append(
            f"= {one['title']}\n#table(columns: {len(one['columns'])}, stroke: 0.3pt, {head}, {rows})"
        )
    return bytes(compiler.compile("\n".join(source).encode(), font_paths=[str(Path(faces[0]).parent)]))


def fpdf2(content: Content, faces: list[str]) -> bytes:
    """Cells and tables of fpdf2, charts as its lines and rectangles."""
    from fpdf import FPDF

    pdf = FPDF(unit="pt", format="A4")
    for number, face in enumerate(faces):
        pdf.add_font(f"F{number}", fname=face)
    pdf.add_font("F0", style="B", fname=faces[1])  # heads of tables
    pdf.set_margin(42)
    pdf.add_page()
    for text, face, size in ((content["title"], "F1", 10), (content["headline"], "F2", 16.5)):
        pdf.set_font(face, size=size)
        pdf.multi_cell(0, text=text, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("F0", size=8.5)
    with pdf.table(text_align="LEFT", first_row_as_headings=False) as table:
        table.row(["\n".join(tile) for tile in content["tiles"]])
    for trend in content["trends"]:
        top = pdf.get_y()
        pdf.polyline([(42 + 40 * n, top + 100 - 90 * mean) for n, mean in enumerate(trend)])
        pdf.set_y(top + 110)
    with pdf.table(text_align="LEFT", first_row_as_headings=False) as table:
        for *texts, _figures in content["standards"]:
            table.row([*texts, ""])
    for share, low, high in (one[-1] for one in content["standards"]):
        pdf.line(42 + 200 * low, 700, 42 + 200 * high, 700)
        pdf.rect(42 + 200 * share, 698, 3, 4, style="F")
    pdf.add_page()
    for number, count in enumerate(content["bars"]):
        pdf.rect(42 + 26 * number, 150 - 10 * count, 24, 10 * count, style="F")
    pdf.set_y(170)
    for one in content["tables"]:
        pdf.cell(0, text=one["title"], new_x="LMARGIN", new_y="NEXT")
        with pdf.table(text_align="LEFT") as table:
            for cells in (one["columns"], *one["rows"]):
                table.row(cells)
    return bytes(pdf.output())


MAKERS = {"platypus": platypus, "typst": typst, "fpdf2": fpdf2}


def main(name: str, contents: str, *faces: str) -> None:
    """Make every report once; the first is made twice, because libraries load on use."""
    make, every = MAKERS[name], json.loads(Path(contents).read_text("utf-8"))
    if not make(every[0], list(faces)).startswith(b"%PDF"):
        raise SystemExit(f"{name} made no PDF")
    began = process_time()
    for content in every:
        make(content, list(faces))
    print((process_time() - began) * 1000 / len(every))


if __name__ == "__main__":
    main(*sys.argv[1:])
