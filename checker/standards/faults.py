"""What is wrong with a thing somebody gave us, where, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(msgid: str) -> str:
    """Mark `msgid` for translation; pure code hands over the msgid, the edge translates it."""
    return msgid


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    `code` is stable ("answer.out_of_range") and never reused. `place` says where: an item id, a path into a
    body ("context.busy"), "file.yaml:12", or "row 4, column C"; "" when it concerns the whole. `text` is a
    msgid that says what is wrong and what to do next, with named %-placeholders filled from `details`.
    """

    code: str
    place: str
    text: str
    details: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        words = self.text % self.details if self.details else self.text
        return f"{self.place}: {words}" if self.place else words


class Refused(ValueError):
    """Something was refused whole; carries **every** fault found, in the order of their places."""

    def __init__(self, faults: tuple[Fault, ...] | list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
