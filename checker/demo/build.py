"""The demo network is played into an empty instance through the actions, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from checker.actions.add_branch import add_branch
from checker.actions.add_employee import add_employee
from checker.actions.add_employment import add_employment
from checker.actions.add_mailing import add_mailing
from checker.actions.add_person import add_person
from checker.actions.add_region import add_region
from checker.actions.answer_assignment import answer_assignment
from checker.actions.assignment_entry import read_entry
from checker.actions.begin_visit import Plan, begin_visit
from checker.actions.cancel_assignment import cancel_assignment
from checker.actions.change_programme import change_programme
from checker.actions.close_action import close_action
from checker.actions.correct_visit import correct_visit
from checker.actions.judging import Way
from checker.actions.mailing_entry import MailingEntry
from checker.actions.plan_action import plan_action
from checker.actions.release_quote import release_quote
from checker.actions.review_visit import review_visit
from checker.actions.save_draft import save_draft
from checker.actions.set_password import set_password
from checker.actions.set_target import set_target
from checker.actions.submit_visit import Sender, submit_visit
from checker.demo.calendar import Calendar, Corrected, Decided, Event, Sent
from checker.demo.close import close_last_month
from checker.demo.places import REGIONS
from checker.demo.plan import Branch, Someone, draws, plan
from checker.demo.visits import ONLINE, STORE, Errand
from checker.demo.words import wording
from checker.passwords import Passwords
from checker.problem import Problem
from checker.standards.body import DEFAULT_PROGRAMME, Outcome, manifest_hash
from checker.standards.faults import N_
from checker.standards.life import AssignmentStep
from checker.standards.model import Checklist
from checker.standards.month import Month
from checker.store import branches as branch_store
from checker.store import checklists, settings, visits
from checker.store.connection import Row, Store

FEE_CENTS, CURRENCY = 1_800, "EUR"

REVIEWER = "reviewer@demo.example"

QUOTED = 0.4
"""Of the visits with notes, how many have one that is released."""

TARGETS = (
    # measure, region, percent, months before the last from which it holds (None: from the first)
    ("compliance", None, 82, None),
    ("compliance", None, 85, 6),
    ("compliance", "east", 80, None),
    ("experience", None, 75, None),
    ("greeting_time", None, 85, None),
    ("first_reply_time", None, 80, None),
    ("introduced", None, 80, None),
    ("three_yes_count", None, 40, None),
    ("thanked", None, 85, None),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """An action by its name in `words/`: where, by whom, about what, and when, in days from today.

    `at` is a branch's manager by e-mail address (the action is of the first branch), REGION or NETWORK.
    """

    name: str
    at: str
    standard: str
    planned: int
    due: int
    closed: int | None = None
    state: str = "done"


MANAGER, OTHER = "manager@demo.example", "manager2@demo.example"
REGION, NETWORK = "region@demo.example", "leadership@demo.example"

ACTIONS = (
    Planned("greeting", MANAGER, "greeting_time", -48, -12, -10),
    Planned("thanks", MANAGER, "thanked", -9, 16),
    Planned("tidy", OTHER, "premises_tidy", -44, -20, -18, "dropped"),
    Planned("questions", OTHER, "three_yes_count", -30, -2),
    Planned("names", NETWORK, "introduced", -12, 20),
    Planned("replies", NETWORK, "first_reply_time", -55, -25, -21),
    Planned("breaks", REGION, "greeting_time", -20, 10),
)
"""One is done, one dropped, one overdue at a branch; what fell everywhere is leadership's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How large a demo is wanted: employees are of each branch, visits of each branch and month."""

    branches: int = 12
    employees: int = 5
    months: int = 13
    visits: int = 12
    seed: int = 1
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Login:
    """How to sign in as one of the demo's people."""

    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Made:
    """What was built."""

    branches: int
    employees: int
    visits: int
    first: Month
    last: Month
    logins: tuple[Login, ...]


def build(
    store: Store,
    wish: Wish,
    *,
    password: str,
    passwords: Passwords,
    now: datetime,
    progress: Callable[[date], None] = lambda day: None,
) -> Made:
    """Fill an empty instance in one transaction, then close its last full month; `progress` is told which day
    the demo has come to.

    Everybody who signs in shares `password`. Raises Problem "demo.not_empty" when there are branches or
    visits already, "demo.checklists" when the checklists it needs are not published.
    """
    with store.write():
        _require_empty(store)
        made = _Builder(store, wish, now).build(password, passwords, progress)
    if wish.months > 1:
        words = wording(wish.language)
        close_last_month(store, words, checklist=STORE, language=wish.language, now=now)
        _add_mailing(store, wish.language, now)
    return made


def _add_mailing(store: Store, language: str, now: datetime) -> None:
    """The network's report by mail, to addresses of nobody; without a mail server none goes out."""
    entry = MailingEntry(
        name="Board",
        recipients="board@example.org\noperations@example.org",
        day=3,
        hour=8,
        zone="Europe/Helsinki",
        language=language,
        checklist=STORE,
    )
    add_mailing(store, entry, by=None, now=now)


def days(wish: Wish, now: datetime) -> tuple[date, date]:
    """The first and the last day of the demo, for a progress bar."""
    return Month.of(now.date()).back(wish.months).first, now.date()


def _require_empty(store: Store) -> None:
    every = branch_store.list_between(store, region_id=None, first="", last="")
    if every or visits.count(store):
        text = N_(
            "This instance holds branches or visits already, and a demo would mix with them. "
            "Fill an empty one: python -m checker --instance DIR init, then demo with the same --instance."
        )
        raise Problem("demo.not_empty", 409, text)


def _checklists(store: Store) -> dict[str, Checklist]:
    found = {code: checklists.current(store, code) for code in (STORE, ONLINE)}
    missing = [code for code, version in found.items() if version is None]
    if missing:
        text = N_("The demo needs the checklists %(codes)s. Run `python -m checker init`; it publishes them.")
        raise Problem("demo.checklists", 409, text, {"codes": ", ".join(missing)})
    return {code: version.checklist for code, version in found.items() if version is not None}


class _Builder:
    """Plays one demo into one store; inside `write()`."""

    def __init__(self, store: Store, wish: Wish, now: datetime) -> None:
        self.store = store
        self.now = now
        self.seed = wish.seed
        self.language = wish.language
        self.last = Month.of(now.date())
        self.months = tuple(self.last.back(back) for back in range(wish.months - 1, -1, -1))
        self.begin = datetime.combine(self.months[0].previous().first, time(8), UTC)
        self.wording = wording(wish.language)
        self.network = plan(
            seed=wish.seed,
            branches=wish.branches,
            employees=wish.employees,
            language=wish.language,
            first=self.months[0],
            last=self.last,
        )
        self.calendar = Calendar(
            seed=wish.seed,
            network=self.network,
            checklists=_checklists(store),
            wording=self.wording,
            months=self.months,
            visits=wish.visits,
            now=now,
        )
        self.keys: dict[str, int] = {}
        """E-mail address -> person."""
        self.noted: list[Mapping[str, Any]] = []
        """Visits of the last two months."""

    def build(self, password: str, passwords: Passwords, progress: Callable[[date], None]) -> Made:
        self._programme()
        self._places()
        logins = self._people(password, passwords)
        for event in self.calendar.events():
            self._play(event)
            progress(event.at.date())
        self._today()
        self._quotes()
        self._actions()
        settings.put(self.store, "demo_logins", [asdict(login) for login in logins])
        return Made(
            branches=len(self.network.branches),
            employees=len(self.network.employees),
            visits=visits.count(self.store),
            first=self.months[0],
            last=self.last,
            logins=logins,
        )

    # --- what stands before the first visit -----------------------------------------------------------------

    def _programme(self) -> None:
        settings.put(self.store, "organisation", self.wording.organisation)
        change_programme(
            self.store,
            code=DEFAULT_PROGRAMME,
            name=self.wording.programme,
            notice_given_on=self.months[0].first.isoformat(),
            reveal="at_once",  # who tries Checker sends a visit and wants to see it in the branch
            attribution="named",
            review=False,
            by=None,
            now=self.begin,
        )

    def _places(self) -> None:
        used = [code for code in REGIONS if any(one.region == code for one in self.network.branches)]
        for code in used:
            add_region(self.store, code=code, name=self.wording.regions[code], by=None, now=self.begin)
        for branch in self.network.branches:
            add_branch(
                self.store,
                code=branch.code,
                name=branch.name,
                region=branch.region,
                zone=branch.zone,
                by=None,
                now=self.begin,
            )
        for employee in self.network.employees:
            add_employee(self.store, code=employee.code, name=employee.name, by=None, now=self.begin)
            for stint in employee.stints:
                add_employment(
                    self.store,
                    employee=employee.code,
                    branch=stint.branch,
                    from_on=stint.from_on.isoformat(),
                    to_on=stint.to_on.isoformat() if stint.to_on else None,
                    by=None,
                    now=self.begin,
                )
        for measure, region, percent, back in TARGETS:
            if region is None or region in used:
                set_target(
                    self.store,
                    measure=measure,
                    percent=Decimal(percent),
                    valid_from=self.months[0] if back is None else max(self.months[0], self.last.back(back)),
                    region=region,
                    by=None,
                    now=self.begin,
                )

    def _people(self, password: str, passwords: Passwords) -> tuple[Login, ...]:
        logins = []
        for one in self.network.people:
            key = add_person(
                self.store,
                email=one.email,
                name=one.name,
                role=one.role,
                branches=one.branches,
                regions=one.regions,
                language=self.language,
                employee=one.employee,
                by=None,
                now=self.begin,
            )
            self.keys[one.email] = key
            if one.login:
                set_password(
                    self.store,
                    person_id=key,
                    password=password,
                    passwords=passwords,
                    by=None,
                    now=self.begin,
                )
                logins.append(Login(one.role, one.email, password))
        return tuple(logins)

    # --- thirteen months ------------------------------------------------------------------------------------

    def _play(self, event: Event) -> None:
        match event:
            case Sent():
                if event.errand:
                    self._plan(event.errand, event.branch, event.body, event.sender)
                person = self.keys[event.sender.email]
                sender = Sender(way=Way.FORM, person_id=person, shopper_id=person)
                submit_visit(self.store, event.body, sender=sender, now=event.at)
                if Month.of(event.at.date()) in self.months[-2:]:
                    self.noted.append(event.body)
            case Corrected():
                body = {
                    **event.body,
                    "employees": {**event.body["employees"], event.role: {"code": event.employee}},
                    "revises": manifest_hash(event.body),
                    "reason": self.wording.office["correct"],
                }
                visit = self._visit(UUID(event.body["id"]))
                correct_visit(self.store, visit, body, by=self.keys[REVIEWER], now=event.at)
            case Decided():
                self._decide(event.visit, event.decision, event.at)

    def _decide(self, uuid: UUID, decision: str, at: datetime) -> None:
        reason = self.wording.office.get(decision, "")
        by = self.keys[REVIEWER]
        review_visit(self.store, self._visit(uuid), decision=decision, reason=reason, by=by, now=at)

    def _visit(self, uuid: UUID) -> Row:
        row = visits.find(self.store, uuid)
        if row is None:
            raise LookupError(f"no visit {uuid}")
        return row

    def _plan(self, errand: Errand, branch: Branch, body: Mapping[str, Any], shopper: Someone) -> None:
        """Plan an assignment, as `plan_assignment` does, but with an id that follows from the seed: visits
        name it, and the same demo twice is the same visits.
        """
        entry = read_entry(
            self.store,
            shopper=shopper.email,
            branch=branch.code,
            checklist=body["checklist"],
            visit_from=errand.visit_from.isoformat(),
            visit_to=errand.visit_to.isoformat(),
            report_by=(errand.visit_to + timedelta(days=2)).isoformat(),
            purpose=body["purpose"],
            scenario=errand.scenario,
            briefing=errand.briefing,
            fee_cents=FEE_CENTS,
            currency=CURRENCY,
        )
        at = int(errand.planned_at.timestamp())
        row = {"uuid": errand.uuid.bytes, "state": "planned", "state_at": at, "created_at": at}
        self.store.add("assignment", {**row, **entry.row()})

    # --- what lies open today -------------------------------------------------------------------------------

    def _today(self) -> None:
        """The demo's shopper finds something of everything on the first page."""
        shopper = next(one for one in self.network.people if one.role == "shopper")
        places = [branch for branch in self.network.branches if branch.region == shopper.beat]
        begun, due, later, online, declined, cancelled = (
            self._open(shopper, places[number % len(places)], number, *window)
            for number, window in enumerate(
                (
                    (STORE, -4, 2),
                    (STORE, -2, 4),
                    (STORE, 7, 12),
                    (ONLINE, 0, 5),
                    (STORE, -9, -3),
                    (STORE, -12, -6),
                )
            )
        )
        me = self.keys[shopper.email]
        accept, decline = AssignmentStep.ACCEPT, AssignmentStep.DECLINE
        answer_assignment(self.store, online, shopper_id=me, step=accept, now=self.now - timedelta(days=1))
        answer_assignment(
            self.store,
            declined,
            shopper_id=me,
            step=decline,
            reason=self.wording.office["decline"],
            now=self.now - timedelta(days=10),
        )
        cancel_assignment(self.store, cancelled, by=None, now=self.now - timedelta(days=8))
        self._begin(begun, places[0], me)
        self._ask_back(me)

    def _open(self, shopper: Someone, branch: Branch, number: int, code: str, first: int, last: int) -> UUID:
        """An assignment whose window opens and closes so many days from today."""
        today = self.now.astimezone(ZoneInfo(branch.zone)).date()
        errand = self.calendar.errand(
            self.calendar.uuid("open", number),
            code,
            number,
            visit_from=today + timedelta(days=first),
            visit_to=today + timedelta(days=last),
            planned_at=self.now - timedelta(days=14),
        )
        self._plan(errand, branch, {"checklist": code, "purpose": "planned"}, shopper)
        return errand.uuid

    def _begin(self, assignment: UUID, branch: Branch, shopper_id: int) -> None:
        """A visit that is being filled: the first questions are answered."""
        entered = self.now - timedelta(minutes=50)
        uuid = self.calendar.uuid("draft")
        plan = Plan(id=uuid, shopper_id=shopper_id, assignment=assignment)
        begin_visit(self.store, plan, now=entered)
        local = entered.astimezone(ZoneInfo(branch.zone))
        answered = ("entrance_easy", "premises_tidy", "greeted", "smiled")
        typed = {
            "visited_at.date": [local.date().isoformat()],
            "visited_at.time": [f"{local:%H:%M}"],
            "context.first_visit": ["yes"],
            **{f"answers.{item}": ["yes"] for item in answered},
            "answers.greeting_time": ["time"],
            "answers.greeting_time.seconds": ["17.3"],
            "answers.greeting_time.tapped": ["17.3"],
        }
        later = self.now - timedelta(minutes=45)
        save_draft(self.store, uuid, shopper_id=shopper_id, typed=typed, device="demo", base=0, now=later)

    def _ask_back(self, shopper_id: int) -> None:
        """The reviewer has a question about the newest visit to a shop."""
        for line in visits.list_sent_by(self.store, shopper_id=shopper_id, limit=20):
            visit = self._visit(UUID(bytes=line["uuid"]))
            completed = visit["outcome"] == Outcome.COMPLETED and not visit["practice"]
            if visit["checklist"] == STORE and completed and visit["state"] in ("sent", "approved"):
                received = datetime.fromtimestamp(visit["received_at"], UTC)
                at = max(self.now - timedelta(hours=1), received)
                self._decide(UUID(bytes=visit["uuid"]), "return", at)
                return

    # --- what reports quote ---------------------------------------------------------------------------------

    def _quotes(self) -> None:
        """The reviewer has released some of what shoppers noted lately."""
        for body in self.noted:
            notes = {
                item: said["note"]
                for item, said in body.get("answers", {}).items()
                if isinstance(said, Mapping) and said.get("note")
            }
            chance = draws(self.seed, "quote", body["id"])
            if not notes or chance.random() > QUOTED:
                continue
            visit = self._visit(UUID(body["id"]))
            if visit["counted"]:
                item = chance.choice(sorted(notes))
                by = self.keys[REVIEWER]
                release_quote(
                    self.store, visit, item=item, text=notes[item], hash=visit["hash"], by=by, now=self.now
                )

    # --- what is set out to improve -------------------------------------------------------------------------

    def _actions(self) -> None:
        """Managers and leadership have planned something about what their pages show."""
        for one in ACTIONS:
            leads = next(person for person in self.network.people if person.email == one.at)
            place = {"branch": leads.branches[0]} if leads.branches else {}
            place |= {"region": leads.regions[0]} if leads.regions else {}
            said, by = self.wording.actions[one.name], self.keys[one.at]
            uuid = plan_action(
                self.store,
                **place,
                what=said["what"],
                owner=said["owner"],
                due_on=self._day(one.due).date().isoformat(),
                measured_by=said["measured_by"],
                standard=one.standard,
                by=by,
                now=self._day(one.planned),
            )
            if one.closed is not None:
                close_action(
                    self.store,
                    uuid,
                    state=one.state,
                    outcome=said["outcome"],
                    by=by,
                    now=self._day(one.closed),
                )

    def _day(self, days: int) -> datetime:
        return self.now + timedelta(days=days)
