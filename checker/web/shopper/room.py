"""The shopper's blueprint, and how a visit of theirs is found with all that its pages need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint

from checker.problem import not_found
from checker.standards.body import Method, Outcome, Purpose, Subject
from checker.standards.faults import N_
from checker.store import assignments, branches, checklists, drafts, employees, programmes, revisions, visits
from checker.store.checklists import Version
from checker.store.connection import Row
from checker.web.clock import now, timestamp
from checker.web.form_for import Typed, VisitForm, form_for
from checker.web.session import me
from checker.web.store import current_store
from checker.web.texts import said, said_plainly

bp = Blueprint("shopper", __name__)

bp.add_app_template_filter(said)
bp.add_app_template_filter(said_plainly)


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit of this shopper that is not sent yet, or lies open again: its draft, and what that names."""

    draft: Row
    version: Version
    branch: Row
    programme: Row
    assignment: Row | None
    visit: Row | None
    """The sent visit, when it was returned and is being corrected."""

    @property
    def id(self) -> UUID:
        return UUID(bytes=self.draft["uuid"])

    @property
    def path(self) -> str:
        """The path of its form."""
        return f"/visits/{self.id}"

    @property
    def practice(self) -> bool:
        return bool(self.draft["body"].get("practice"))

    @property
    def is_over(self) -> bool:
        """Whether it was sent."""
        return self.draft["sent_at"] is not None

    def form(self, typed: Mapping[str, list[str]] | None = None) -> VisitForm:
        """Its form, filled with what is typed: just now, or as it was last saved."""
        held: Typed = self.draft["body"].get("typed", {})
        return self.form_class(held if typed is None else typed, zone=self.branch["zone"])

    @property
    def form_class(self) -> type[VisitForm]:
        return form_for(self.version, attributed=self.programme["attribution"] != "none")

    def body(self, form: VisitForm, **rest: object) -> dict[str, Any]:
        """The body of design §9 that the form says."""
        if self.visit is not None:
            return self._corrected(self.visit, form, **rest)
        return form.body(
            {
                "id": str(self.id),
                "programme": self.draft["programme"],
                "checklist": self.draft["checklist"],
                "version": self.draft["version"],
                "branch": self.draft["branch"],
                "assignment": str(UUID(bytes=self.assignment["uuid"])) if self.assignment else None,
                "method": Method.MYSTERY_SHOPPING.value,
                "channel": self.version.checklist.channel,
                "subject": Subject.OWN.value,
                "purpose": self.assignment["purpose"] if self.assignment else Purpose.EXTRA.value,
                "practice": self.practice,
                "outcome": Outcome.COMPLETED.value,
                **rest,
            }
        )

    def _corrected(self, visit: Row, form: VisitForm, **rest: object) -> dict[str, Any]:
        """What was sent, with what the form asks in its place; answers that it does not ask for stay."""
        sent = revisions.get(current_store(), visit["id"], visit["revision"])
        kept = {item: answer for item, answer in sent["answers"].items() if item not in form.questions}
        said: dict[str, Any] = form.body({})
        return {
            **sent,
            **said,
            "answers": {**kept, **said["answers"]},
            "revises": visit["hash"],
            **rest,
        }

    def employee_codes(self, form: VisitForm) -> list[str]:
        """The codes of those employed at the branch that day; names are not for shoppers (design §2)."""
        moment = form.visited_at.data
        local = (
            datetime.fromisoformat(str(moment)) if moment else now().astimezone(ZoneInfo(self.branch["zone"]))
        )
        rows = employees.list_at_branch(
            current_store(), branch_id=self.branch["id"], day=local.date().isoformat()
        )
        return [row["code"] for row in rows]


def opened(uuid: UUID) -> Opened:
    """The shopper's own draft. Raises Problem "not_found" for anybody else's."""
    store = current_store()
    draft = drafts.find_whole_for(store, uuid, shopper_id=me().id)
    if draft is None:
        raise not_found(N_("There is no such visit, or it is not yours."))
    held = draft["assignment_uuid"]
    return Opened(
        draft=draft,
        version=checklists.get(store, draft["version_id"]),
        branch=cast(Row, branches.find(store, draft["branch"])),
        programme=cast(Row, programmes.find(store, draft["programme"])),
        assignment=assignments.find_for(store, UUID(bytes=held), shopper_id=me().id) if held else None,
        visit=sent_visit(uuid) if draft["was_sent"] else None,
    )


def sent_visit(uuid: UUID) -> Row | None:
    """The visit this shopper sent under the id."""
    return visits.find_for(current_store(), uuid, person_id=me().id, now=timestamp())
