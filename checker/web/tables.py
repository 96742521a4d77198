"""What stands in a table of a page, as a file: the page is made as always, and its table read from it.

So a file has the rows and columns that the page shows to this very person, and there is one way for all
tables. Cells of class "num" are read as the language writes numbers, days and moments are written by their
filters so that they can be told; everything else is text, and stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlencode

from babel.numbers import NumberFormatError, parse_decimal
from flask import Flask, Response, has_request_context, request
from flask_babel import gettext as _
from markupsafe import Markup, escape

from checker.problem import not_found
from checker.reports import files
from checker.standards.faults import N_
from checker.summaries.table import Column, Kind, Table, Value
from checker.web import problems
from checker.web.language import language
from checker.web.private import private_folder
from checker.words import NO_FIGURE, words_for

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}

UNITS = ("%", "s")
"""What may follow a number in a cell; it goes to the heading, so that the number stays one."""

PREFIX = "table-"
"""How the ids of tables that can be fetched begin."""

_JOINER = "\u2060"
"""Stands around a moment for us to find it; nobody sees it."""

_MOMENT = re.compile(f"{_JOINER}([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?: [0-9]{{2}}:[0-9]{{2}})?){_JOINER}")
_SKIPPED = {"form", "button", "details", "svg", "script", "style", "textarea", "select"}
_VOID = {"br", "hr", "img", "input", "wbr", "meta", "link", "col"}
_BREAKS = {"br", "li", "p", "blockquote", "div", "dt", "dd"}


def init_app(app: Flask) -> None:
    """Answer `?table=NAME&as=xlsx` on any page with that table, and give templates `downloads`.

    Asked for last, so that the answer passes through everything that answers pass through.
    """
    app.after_request(fetched)
    app.add_template_global(downloads)


def asked() -> str:
    """The format in which this request wants a table, or ""."""
    if not has_request_context() or request.method != "GET" or "table" not in request.args:
        return ""
    wanted = request.args.get("as", "")
    return wanted if wanted in FORMATS else ""


def findable(value: date | datetime) -> str:
    """A day or a moment for a page that is made to be read by us."""
    said = value.strftime("%Y-%m-%d %H:%M") if isinstance(value, datetime) else value.isoformat()
    return f"{_JOINER}{said}{_JOINER}"


def downloads(name: str, title: str) -> Markup:
    """The links to the table with the id `table-NAME`; none on the answer to a form, which nobody can ask for
    again."""
    if request.method != "GET":
        return Markup("")
    said = [one for one in request.args.items(multi=True) if one[0] not in ("table", "as")]
    links = Markup(" ").join(
        Markup('<a href="{}">{}<span class="hidden">: {}</span></a>').format(
            f"{quote(request.path)}?{urlencode([*said, ('table', name), ('as', suffix)])}", words, title
        )
        for suffix, words in (("xlsx", _("Download XLSX")), ("csv", _("CSV")))
    )
    return Markup('<p class="downloads screen-only">{}</p>').format(escape(links))


def fetched(response: Response) -> Response:
    """The table of a finished page, where it is asked for."""
    suffix = asked()
    if not suffix or response.status_code != 200 or response.mimetype != "text/html":
        return response
    name = request.args["table"]
    table = read_table(response.get_data(as_text=True), name, language())
    if table is None:
        return problems.answer(not_found(N_("There is no such table on this page any more. Load it again.")))
    with TemporaryDirectory(dir=private_folder()) as folder:
        path = Path(folder) / f"table.{suffix}"
        files.write(table, path)
        made = Response(path.read_bytes(), mimetype=FORMATS[suffix])
    made.headers.set("Content-Disposition", "attachment", filename=f"checker-{name}.{suffix}")
    return made


def read_table(page: str, name: str, spoken: str) -> Table | None:
    """The table with the id `table-NAME` of a page in this language; None where it has none.

    Columns whose heading is for screen readers alone hold buttons or drawings, and are left out.
    """
    reader = _Reader(PREFIX + name)
    reader.feed(page)
    if not reader.found:
        return None
    heads = [cell for row in reader.head[-1:] for cell in row.cells]
    width = max((len(row.cells) for row in (*reader.head, *reader.body)), default=0)
    kept = [at for at in range(width) if at >= len(heads) or heads[at].text or not heads[at].hidden]
    rows = []
    units: dict[int, set[str]] = {at: set() for at in kept}
    for row in reader.body:
        read = [_value(row.cells[at], spoken) if at < len(row.cells) else (None, "") for at in kept]
        rows.append(tuple(value for value, _unit in read))
        for at, (value, unit) in zip(kept, read, strict=True):
            if value is not None:
                units[at].add(unit)
    columns = tuple(
        Column(_heading(heads[at].text if at < len(heads) else "", units[at]), _kind(index, rows))
        for index, at in enumerate(kept)
    )
    return Table(name, columns, rows)


def _heading(words: str, units: set[str]) -> str:
    (unit,) = units if len(units) == 1 else ("",)
    return f"{words} ({unit})" if unit else words


def _kind(index: int, rows: list[tuple[Value, ...]]) -> Kind:
    """What a column holds, as far as its width goes."""
    value = next((row[index] for row in rows if row[index] is not None), None)
    match value:
        case Decimal() | int():
            return Kind.NUMBER
        case datetime():
            return Kind.MOMENT
        case date():
            return Kind.DAY
    return Kind.TEXT


def _value(cell: _Cell, spoken: str) -> tuple[Value, str]:
    """What a cell holds, and the unit of a number."""
    text = cell.text
    if moment := _MOMENT.fullmatch(text):
        said = moment[1]
        return (datetime.fromisoformat(said) if " " in said else date.fromisoformat(said)), ""
    if not cell.number:
        return text.replace(_JOINER, "") or None, ""
    if text in ("", NO_FIGURE):
        return None, ""
    unit = next((unit for unit in UNITS if re.search(rf"[0-9]\s*{unit}$", text)), "")
    number = _number(text.removesuffix(unit).strip(), spoken)
    return (text, "") if number is None else (number, unit)


def _number(text: str, spoken: str) -> Decimal | None:
    """A number as the language writes it, with any minus."""
    sign, rest = (-1, text[1:]) if text[:1] in ("-", "−") else (1, text.removeprefix("+"))
    if not re.fullmatch(r"[0-9][0-9.,\s'’]*", rest):  # noqa: RUF001
        return None
    try:
        return sign * parse_decimal("".join(rest.split()), words_for(spoken).locale, strict=True)
    except NumberFormatError:
        return None


# --- reading our own pages ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Cell:
    number: bool
    parts: list[str] = field(default_factory=list)
    hidden: bool = False
    """Whether it has words for screen readers."""

    @property
    def text(self) -> str:
        """What is seen, a line for each line."""
        lines = (" ".join(line.split()) for line in "".join(self.parts).split("\n"))
        return "\n".join(line for line in lines if line)


@dataclass(slots=True)
class _Row:
    cells: list[_Cell] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the cells of one table: what is seen, without what can be tapped."""

    def __init__(self, ident: str) -> None:
        super().__init__()
        self.found = False
        self.head: list[_Row] = []
        self.body: list[_Row] = []
        self._ident = ident
        self._inside = False
        self._rows = self.body
        self._cell: _Cell | None = None
        self._skipped: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "table" and held.get("id") == self._ident:
            self.found = self._inside = True
        if not self._inside or tag in _VOID - {"br"}:
            return
        if self._skipped:
            self._skip(tag, 1)
            return
        classes = (held.get("class") or "").split()
        if tag in ("thead", "tbody", "tfoot"):
            self._rows = self.head if tag == "thead" else self.body
        elif tag == "tr":
            self._rows.append(_Row())
        elif tag in ("td", "th"):
            self._begin("num" in classes, int(held.get("colspan") or 1))
        elif self._cell and (tag in _SKIPPED or "hidden" in classes or held.get("aria-hidden") == "true"):
            self._cell.hidden |= "hidden" in classes
            self._skipped = (tag, 1)
        elif self._cell and tag in _BREAKS:
            self._cell.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if not self._inside:
            return
        if self._skipped:
            self._skip(tag, -1)
        elif tag == "table":
            self._inside = False
        elif tag in ("td", "th"):
            self._cell = None
        elif self._cell and tag in _BREAKS:
            self._cell.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._cell and not self._skipped:
            self._cell.parts.append(data.replace("\r", " ").replace("\n", " "))

    def _begin(self, number: bool, across: int) -> None:
        self._cell = _Cell(number)
        self._rows[-1].cells += [self._cell, *(_Cell(False) for _more in range(across - 1))]

    def _skip(self, tag: str, by: int) -> None:
        """Count what is opened and closed inside of what is left out, until it is over."""
        assert self._skipped is not None  # noqa: S101 - asked for by the caller
        name, depth = self._skipped
        if tag == name:
            depth += by
            self._skipped = (name, depth) if depth else None
