"""A checklist's own texts on a page: in the person's language, else in its first, marked with `lang`."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from checker.standards.model import Text
from checker.web.language import language

_FOREIGN = Markup('<span lang="{}">{}</span>')


def said(texts: Text, languages: Sequence[str]) -> Markup:
    """`texts` for a page, empty where there is none; the first of its checklist's `languages` steps in."""
    wanted = language()
    for code in (wanted, *languages, *texts):
        words = texts.get(code)
        if words:
            return (
                escape(words) if code == wanted else Markup('<span lang="{}">{}</span>').format(code, words)
            )
    return Markup("")


def said_plainly(texts: Text, languages: Sequence[str]) -> str:
    """The same without markup, for an `option` or a title, where no `lang` can stand inside."""
    return next((texts[code] for code in (language(), *languages, *texts) if texts.get(code)), "")
