"""One report: the month read as its reader may see it, laid out as PDF or to be read on a screen."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from checker.editions.closing import text_for
from checker.jobs.plan import Job, Order
from checker.reports.branch import branch_reading, branch_report
from checker.reports.network import network_reading, network_report
from checker.reports.reading import Reading
from checker.store.connection import Store
from checker.summaries.branch import branch_month
from checker.summaries.look import look
from checker.summaries.network import network_month
from checker.summaries.values import BranchMonth, EditionText, Look, NetworkMonth
from checker.words import words_for


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a report is drawn from."""

    summary: BranchMonth | NetworkMonth
    order: Order
    look: Look
    edition: EditionText | None = None
    """The words of the month's newest released edition, with what changed since."""

    def stamp(self, program: str) -> str:
        """A hash of all of it and of the program's version: reports with one stamp are the same bytes."""
        drawn_from = (self.summary, self.order.language, self.order.audience, self.look, self.edition)
        return sha256(f"{program} {drawn_from!r}".encode()).hexdigest()

    def pdf(self) -> bytes:
        """Lay it out."""
        words = words_for(self.order.language)
        if isinstance(self.summary, BranchMonth):
            return branch_report(
                self.summary, words, audience=self.order.audience, look=self.look, edition=self.edition
            )
        return network_report(self.summary, words, look=self.look, edition=self.edition)

    def reading(self) -> Reading:
        """Compose the same for a screen."""
        words = words_for(self.order.language)
        if isinstance(self.summary, BranchMonth):
            return branch_reading(
                self.summary, words, audience=self.order.audience, look=self.look, edition=self.edition
            )
        return network_reading(self.summary, words, look=self.look, edition=self.edition)


def read(store: Store, order: Order, job: Job) -> Content:
    """Read the month; what its branches may not know yet stays out, whoever asked, for a report is handed on.

    Raises Problem "not_found" for a place that the order's person may not look into.
    """
    summary = _summary(store, order, job)
    for_all = order.audience == "meeting" and isinstance(summary, BranchMonth)  # that sheet has no such words
    text = None if for_all else text_for(store, summary, now=order.now)
    return Content(summary, order, look(store), text)


def _summary(store: Store, order: Order, job: Job) -> BranchMonth | NetworkMonth:
    if job.branch is not None:
        return branch_month(
            store,
            branch_code=job.branch,
            month=order.month,
            series_id=job.series_id,
            person_id=order.person_id,
            now=order.now,
            audience="manager" if order.audience == "manager" else "leadership",
            revealed=True,
        )
    return network_month(
        store,
        series_id=job.series_id,
        month=order.month,
        region_code=job.region,
        person_id=order.person_id,
        now=order.now,
        revealed=True,
    )
