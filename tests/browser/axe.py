"""Looks with axe-core for what would keep somebody from using a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")

CHECK = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const found = await axe.run(document, { runOnly: tags, resultTypes: ["violations", "incomplete"] });
  const wcag = (tags) => tags.some((tag) => tag.startsWith("wcag"));
  const lines = (results) => results.flatMap(({ id, impact, tags, nodes }) => nodes.map(({ target, any }) =>
    ({ id, impact, wcag: wcag(tags), at: target.join(" "), why: any[0]?.message ?? "",
       drawn: !!document.querySelector(target[0])?.closest("svg") })));
  return { violations: lines(found.violations), incomplete: lines(found.incomplete) };
}"""


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong on a page, and what axe leaves for people to decide; a line each."""

    wrong: tuple[str, ...]
    undecided: tuple[str, ...]


def look(page: Page, scheme: str) -> Found:
    """Look at the page as it is, in "light" or "dark": every rule of WCAG 2.2 AA, and of good practice those
    that weigh much.
    """
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(CHECK)
    wrong = (one for one in found["violations"] if one["wcag"] or one["impact"] in ("serious", "critical"))
    undecided = (
        f"{one['id']} {one['at']}: {one['why']}"
        for one in found["incomplete"]
        # Words in a chart lie over its lines and bars, whose colours axe does not read.
        if not (one["drawn"] and one["id"] == "color-contrast")
    )
    return Found(tuple(map(str, wrong)), tuple(undecided))
