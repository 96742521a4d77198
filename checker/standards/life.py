"""The life of an assignment and of a visit: which step may follow which, and which visits are counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import TypedDict, TypeVar, Unpack

from checker.standards.body import Outcome, Subject
from checker.standards.faults import N_, Fault, Refused


class Assignment(StrEnum):
    """Where an assignment stands."""

    PLANNED = "planned"
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class AssignmentStep(StrEnum):
    """What can happen to an assignment. `send`: its visit was received."""

    ACCEPT = "accept"
    DECLINE = "decline"
    SEND = "send"
    EXPIRE = "expire"
    CANCEL = "cancel"


class Review(StrEnum):
    """Where a received visit stands."""

    SENT = "sent"
    APPROVED = "approved"
    RETURNED = "returned"
    VOID = "void"


class ReviewStep(StrEnum):
    """What can happen to a received visit. `revise`: a new revision of it was received."""

    APPROVE = "approve"
    RETURN = "return"
    REVISE = "revise"
    VOID = "void"
    RESTORE = "restore"


# A visit that was really made is never turned away: a tablet without network cannot know that its assignment
# expired or was cancelled meanwhile.
_ASSIGNMENT: Mapping[tuple[Assignment, AssignmentStep], Assignment] = {
    (Assignment.PLANNED, AssignmentStep.ACCEPT): Assignment.ACCEPTED,
    (Assignment.PLANNED, AssignmentStep.DECLINE): Assignment.DECLINED,
    (Assignment.PLANNED, AssignmentStep.SEND): Assignment.DONE,
    (Assignment.PLANNED, AssignmentStep.EXPIRE): Assignment.EXPIRED,
    (Assignment.PLANNED, AssignmentStep.CANCEL): Assignment.CANCELLED,
    (Assignment.ACCEPTED, AssignmentStep.DECLINE): Assignment.DECLINED,
    (Assignment.ACCEPTED, AssignmentStep.SEND): Assignment.DONE,
    (Assignment.ACCEPTED, AssignmentStep.EXPIRE): Assignment.EXPIRED,
    (Assignment.ACCEPTED, AssignmentStep.CANCEL): Assignment.CANCELLED,
    (Assignment.EXPIRED, AssignmentStep.SEND): Assignment.DONE,
    (Assignment.CANCELLED, AssignmentStep.SEND): Assignment.DONE,
}

# A revision is looked at again, also after an approval: what was approved is not what now stands there.
_REVIEW: Mapping[tuple[Review, ReviewStep], Review] = {
    (Review.SENT, ReviewStep.APPROVE): Review.APPROVED,
    (Review.SENT, ReviewStep.RETURN): Review.RETURNED,
    (Review.SENT, ReviewStep.REVISE): Review.SENT,
    (Review.SENT, ReviewStep.VOID): Review.VOID,
    (Review.RETURNED, ReviewStep.APPROVE): Review.APPROVED,
    (Review.RETURNED, ReviewStep.REVISE): Review.SENT,
    (Review.RETURNED, ReviewStep.VOID): Review.VOID,
    (Review.APPROVED, ReviewStep.RETURN): Review.RETURNED,
    (Review.APPROVED, ReviewStep.REVISE): Review.SENT,
    (Review.APPROVED, ReviewStep.VOID): Review.VOID,
    (Review.VOID, ReviewStep.RESTORE): Review.SENT,
}

State = TypeVar("State", bound=StrEnum)
Step = TypeVar("Step", bound=StrEnum)


def next_state(state: Assignment, step: AssignmentStep) -> Assignment:
    """Where an assignment stands after `step`. Raises `Refused` when that step is not possible now."""
    return _after(_ASSIGNMENT, state, step, "assignment.step")


def next_review(state: Review, step: ReviewStep) -> Review:
    """Where a received visit stands after `step`. Raises `Refused` when that step is not possible now.

    No time that passes is a step: nothing turns "sent" into "approved" but a person.
    """
    return _after(_REVIEW, state, step, "review.step")


def _after(steps: Mapping[tuple[State, Step], State], state: State, step: Step, code: str) -> State:
    if (state, step) in steps:
        return steps[state, step]
    text = N_("This has gone on meanwhile, and that is no longer possible. Look again at how it stands.")
    raise Refused([Fault(code, "", text)])


class NotCounted(StrEnum):
    """Why a visit enters no figure."""

    OUTCOME = "outcome"
    VOID = "void"
    EXCLUDED = "excluded"
    PRACTICE = "practice"
    COMPETITOR = "competitor"
    BEFORE_NOTICE = "before_notice"
    NOT_APPROVED = "not_approved"


class Facts(TypedDict):
    """What decides whether a visit is counted.

    `visited_on` is the day in the branch's time zone (`month.day_of`), `notice_given_on` the day the staff
    were told, None when it is not set; `review_required` is the setting `review`.
    """

    outcome: Outcome
    void: bool
    excluded: bool
    practice: bool
    subject: Subject
    approved: bool
    review_required: bool
    visited_on: date
    notice_given_on: date | None


def counted(**facts: Unpack[Facts]) -> bool:
    """Whether a visit enters the figures of its method; see `reasons_not_counted`."""
    return not reasons_not_counted(**facts)


def reasons_not_counted(**facts: Unpack[Facts]) -> tuple[NotCounted, ...]:
    """Every reason why a visit enters no figure; none when it is counted.

    The method is no reason: it decides **which** figures a visit enters. Those of the programme are mystery
    shopping's; observation and self-check have series of their own.
    """
    notice = facts["notice_given_on"]
    reasons = {
        NotCounted.OUTCOME: facts["outcome"] is not Outcome.COMPLETED,
        NotCounted.VOID: facts["void"],
        NotCounted.EXCLUDED: facts["excluded"],
        NotCounted.PRACTICE: facts["practice"],
        NotCounted.COMPETITOR: facts["subject"] is not Subject.OWN,
        NotCounted.BEFORE_NOTICE: notice is not None and facts["visited_on"] < notice,
        NotCounted.NOT_APPROVED: facts["review_required"] and not facts["approved"],
    }
    return tuple(reason for reason, holds in reasons.items() if holds)
