"""The parameters of the API's addresses, each with its reader and its place in the document."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from checker.standards import fields
from checker.standards.answers import read_moment
from checker.standards.body import DEFAULT_PROGRAMME, Method
from checker.standards.faults import N_
from checker.standards.month import Month
from checker.web.api.reading import Parameter

MONTH_PATTERN = "^2[0-9]{3}-(0[1-9]|1[0-2])$"
LONGEST_PAGE = 200
USUAL_PAGE = 100


class By(StrEnum):
    """What scores are told by."""

    BRANCH = "branch"
    EMPLOYEE = "employee"
    STANDARD = "standard"
    MONTH = "month"


class State(StrEnum):
    """How an action stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


def read_month(given: str, place: str) -> Month:
    """A month from 2000 on, such as "2026-10"."""
    if not re.fullmatch(MONTH_PATTERN, given):
        raise fields.refusal("query.month", place, N_("Write a month as 2026-10."))
    return Month.parse(given)


def read_since(given: str, place: str) -> datetime:
    """A moment with offset."""
    moment = read_moment(given)
    if moment is None:
        text = N_("Write a moment as 2026-10-01T00:00:00Z. In an address “+” means a blank; send it as %%2B.")
        raise fields.refusal("query.moment", place, text, given=given)
    return moment


def read_after(given: str, place: str) -> UUID:
    """The id of what the page before ended with."""
    return UUID(fields.uuid(given, place))


def read_limit(given: str, place: str) -> int:
    """How many entries a page may have."""
    if not re.fullmatch("[0-9]{1,3}", given) or not 1 <= int(given) <= LONGEST_PAGE:
        text = N_("Send a whole number from 1 to %(most)s.")
        raise fields.refusal("query.limit", place, text, most=LONGEST_PAGE)
    return int(given)


_CODE = {"type": "string", "minLength": 1, "maxLength": fields.LONGEST_CODE}

BY = Parameter("by", "What the scores are told by.", {"enum": list(By)}, fields.one_of(By), required=True)
MONTH = Parameter(
    "month", "Only this month, such as 2026-10.", {"type": "string", "pattern": MONTH_PATTERN}, read_month
)
BRANCH = Parameter("branch", "Only this branch, by its code.", _CODE, fields.code)
REGION = Parameter("region", "Only this region, by its code.", _CODE, fields.code)
CHECKLIST = Parameter("checklist", "Only this checklist, by its id.", _CODE, fields.code)
METHOD = Parameter(
    "method",
    "How the branch was looked at; each method has figures of its own.",
    {"enum": list(Method), "default": Method.MYSTERY_SHOPPING},
    fields.one_of(Method),
    default=Method.MYSTERY_SHOPPING,
)
PROGRAMME = Parameter(
    "programme",
    "The programme, by its code.",
    {**_CODE, "default": DEFAULT_PROGRAMME},
    fields.code,
    default=DEFAULT_PROGRAMME,
)
SINCE = Parameter(
    "since",
    "Only what came in, was revealed, corrected or reviewed from this moment on.",
    {"type": "string", "format": "date-time"},
    read_since,
)
AFTER = Parameter(
    "after",
    "The `next` of the page before: what came in after that visit.",
    {"type": "string", "format": "uuid"},
    read_after,
)
AFTER_ACTION = replace(AFTER, meaning="The `next` of the page before: what was planned after that action.")
DUE_IN = replace(MONTH, meaning="Only what is due in this month, such as 2026-10.")
IN_REGION = replace(REGION, meaning="Only this region and its branches, by its code.")
STATE = Parameter("state", "Only actions that stand so.", {"enum": list(State)}, fields.one_of(State))
LIMIT = Parameter(
    "limit",
    "How many entries a page may have.",
    {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE, "default": USUAL_PAGE},
    read_limit,
    default=USUAL_PAGE,
)

THIS_MONTH = replace(
    MONTH, meaning="The month, such as 2026-10; by month the last of thirteen.", required=True
)
THIS_CHECKLIST = replace(CHECKLIST, meaning="The checklist, by its id.", required=True)
