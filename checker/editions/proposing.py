"""What a draft proposes to ask for: rules choose it from the figures, people edit or confirm it."""

from __future__ import annotations

from checker.actions.edition_entry import MOST, Entered
from checker.editions.snapshot import Summary
from checker.reports import claims
from checker.summaries.values import BranchMonth, Proposal
from checker.words import Words


def proposed(summary: Summary, words: Words) -> tuple[Entered, ...]:
    """At most three decisions, without owner and day: those are for people."""
    found = of_branch(summary) if isinstance(summary, BranchMonth) else summary.proposals
    said = (claims.proposal(one, summary.series.checklist, words) for one in found[:MOST])
    return tuple((what, measured_by, "", "") for what, measured_by in said)


def of_branch(summary: BranchMonth) -> tuple[Proposal, ...]:
    """What a branch may decide: each standard that fell for certain, then each that is certainly below its
    target, in the order of the findings.
    """
    about = {one.standard: one for one in summary.standards}
    kinds = {"standard_fell": "mend_fall", "standard_below": "mend_cost"}
    chosen: dict[str, str] = {}
    for finding in sorted(summary.findings, key=lambda one: one.kind != "standard_fell"):
        if finding.kind in kinds and finding.standard is not None:
            chosen.setdefault(finding.standard, kinds[finding.kind])
    return tuple(
        Proposal(kind, standard, about[standard].share, about[standard].target, about[standard].asked)
        for standard, kind in chosen.items()
    )
