"""One stacked bar of shares, such as the service level as shoppers felt it: low, standard, wow."""

from dataclasses import dataclass

from checker.charts.letters import text_width
from checker.charts.model import Drawing, Figures, Rect, Role, Sheet, Text, Words


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the whole: its name, its number of visits and its colour."""

    label: str
    count: int
    role: Role


@dataclass(frozen=True, slots=True)
class Shares:
    """Parts in order; `words.value` gets shares where 1 is 100 %. `columns`: part, visits, share."""

    title: str
    description: str
    parts: tuple[Part, ...]
    words: Words
    columns: tuple[str, str, str]

    def draw(self, width: float, height: float = 0.0, text: float = 7.5) -> Drawing:
        """Give the bar and, under it, each part's name and share; height 0 takes what it needs."""
        says = [f"{part.label} {self._share(part)}" for part in self.parts]
        room = [text_width(one, text) + text * 2.6 for one in says]
        alone = sum(room) > width
        below = text * 1.5 * (len(says) if alone else 1) + text * 0.4
        sheet = Sheet(width, height or text * 2.2 + below)
        thick = min(max(sheet.height - below, text), text * 3)
        start = 0.0
        starts: list[float] = []
        total = sum(part.count for part in self.parts)
        for part in self.parts:
            starts.append(start)
            long = width * part.count / total if total else 0.0
            if part.count:
                sheet.add(Rect(start, 0, max(long - 1.2, 0.6), thick, part.role))
                self._name(sheet, part, start + long / 2, thick, long, text)
            start += long
        for index, x in enumerate(_places(starts, room, width)):
            y = thick + text * (1.5 + (1.5 * index if alone else 0))
            x = 0.0 if alone else x
            sheet.add(
                Rect(x, y - text * 0.72, text * 0.8, text * 0.8, self.parts[index].role),
                Text(x + text * 1.2, y, says[index], text),
            )
        return sheet.drawing(self.title, self.description)

    def table(self) -> Figures:
        """Give one row per part."""
        return Figures(
            self.columns, tuple((part.label, str(part.count), self._share(part)) for part in self.parts)
        )

    def _name(self, sheet: Sheet, part: Part, x: float, thick: float, long: float, text: float) -> None:
        """Say a part's share inside it, where it fits: on grey paper two colours may look alike."""
        says = self._share(part)
        if text_width(says, text, 600) < long - text and thick > text * 1.4:
            role: Role = "ink" if part.role in ("range", "band", "wash", "grid") else "paper"
            sheet.add(Text(x, thick / 2 + text * 0.36, says, text, "middle", 600, role))

    def _share(self, part: Part) -> str:
        total = sum(one.count for one in self.parts)
        return self.words.value(part.count / total) if total else self.words.missing


def _places(starts: list[float], room: list[float], width: float) -> list[float]:
    """Put each label under the start of its part, moved only as far as its neighbours and the edge ask."""
    places: list[float] = []
    free = 0.0
    for start, need in zip(starts, room, strict=True):
        places.append(max(start, free))
        free = places[-1] + need
    edge = width
    for index in range(len(places) - 1, -1, -1):
        places[index] = min(places[index], edge - room[index])
        edge = places[index]
    return places
