"""One kind of refusal: a stable code, an HTTP status, and words that say what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.standards.faults import Fault


class Problem(Exception):
    """Something cannot be done.

    `code` ("visit.other_content") is stable and never reused; `status` is the HTTP status; `text` is a
    msgid with named
    %-placeholders filled from `details`; `faults` lists every single thing that is wrong, when there are
    several.
    The edges (pages, API, command line) turn it into their own form of answer in the person's language.
    """

    def __init__(
        self,
        code: str,
        status: int,
        text: str,
        details: Mapping[str, object] | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        self.code = code
        self.status = status
        self.text = text
        self.details = dict(details or {})
        self.faults = tuple(faults)
        super().__init__(text % self.details if self.details else text)


def not_found(what: str) -> Problem:
    """The answer for a thing that is not there, or that this person may not know of."""
    return Problem("not_found", 404, what)
