"""The demo network: its patterns can be found, its figures can be believed, and it is whole or not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from click.testing import CliRunner, Result

from checker.actions.verify_store import verify
from checker.charts.letters import missing_glyphs
from checker.cli import group
from checker.commands.init import publish_shipped
from checker.config import LANGUAGES
from checker.demo.build import Made, Wish, build
from checker.demo.places import COUNTRIES, PLACES, REGIONS
from checker.demo.plan import FALLEN, plan
from checker.demo.words import wording
from checker.editions.closing import again
from checker.editions.reading import read_snapshot
from checker.editions.since import since_released
from checker.problem import Problem
from checker.standards.model import Axis
from checker.standards.month import Month
from checker.standards.statistics import Change
from checker.store import branches, checklists, drafts, editions, people, plans, series, settings, visits
from checker.store.connection import Store, open_store
from checker.summaries.network import network_month
from checker.summaries.shopper import shopper_day
from checker.summaries.values import NetworkMonth
from checker.web.form_for import form_for, unknown_inputs
from tests.conftest import NOW
from tests.people import passwords

LATE = datetime(2026, 10, 27, 15, 0, tzinfo=UTC)
"""A Tuesday near the end of a month, so that the month that runs can be read too."""

RUNNING, FULL = Month(2026, 10), Month(2026, 9)

PASSWORD = "kiwi-9sea-lamp"

SMALL = Wish(branches=3, employees=2, months=2, visits=3)


def make(store: Store, wish: Wish, now: datetime = NOW, **more) -> Made:
    return build(store, wish, password=PASSWORD, passwords=passwords(), now=now, **more)


def series_id(store: Store, checklist: str = "store_visit", method: str = "mystery_shopping") -> int:
    every = series.list_for(store, "main")
    return next(one["id"] for one in every if (one["checklist"], one["method"]) == (checklist, method))


@pytest.fixture
def ready(store: Store) -> Store:
    """An empty instance as `init` leaves it."""
    publish_shipped(store, now=NOW)
    return store


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Store]:
    """The demo as it is made when nothing is asked for, on a day that stands still. Nobody changes it."""
    path = tmp_path_factory.mktemp("demo") / "checker.sqlite"
    path.write_bytes(empty_database.read_bytes())
    store = open_store(path)
    publish_shipped(store, now=LATE)
    make(store, Wish(), LATE)
    yield store
    store.close()


@pytest.fixture(scope="module")
def full(demo: Store) -> NetworkMonth:
    """The last full month of the shops."""
    return network_month(demo, series_id=series_id(demo), month=FULL, person_id=None, now=LATE)


@pytest.fixture(scope="module")
def running(demo: Store) -> NetworkMonth:
    """The month that runs."""
    return network_month(demo, series_id=series_id(demo), month=RUNNING, person_id=None, now=LATE)


# --- what is to be found ------------------------------------------------------------------------------------


def test_the_better_branch_stands_out_above_and_the_worse_below(full: NetworkMonth):
    assert [line.branch.name for line in full.above] == ["Köln Ehrenfeld"]
    assert "Kraków Kazimierz" in [line.branch.name for line in full.below]
    assert len(full.undecided) >= 7, "most cannot be told from the target"


def test_the_standard_that_fell_is_the_first_that_fell(full: NetworkMonth):
    fell = [finding.standard for finding in full.findings if finding.kind == "standard_fell"]
    assert fell[0] == FALLEN
    figure = next(one for one in full.standards if one.standard == FALLEN)
    assert (
        figure.change is Change.FELL and figure.share < 0.68 < 0.75 < figure.met_before / figure.asked_before
    )
    before = full.standard_trends[FALLEN][1:-1]
    assert all(point.mean > 0.68 for point in before), "it stood well for a year"


def test_a_month_later_it_has_not_risen_again(running: NetworkMonth):
    assert running.standard_trends[FALLEN][-1].mean < 0.68


def test_a_branch_visited_too_seldom_and_one_not_at_all_are_named_as_such(
    full: NetworkMonth, running: NetworkMonth
):
    assert "Tampere Hämeenkatu" in [line.branch.name for line in full.too_few]
    assert [place.name for place in running.without_visits] == ["Leeds Headingley"]
    assert full.without_visits == ()


def test_december_is_slow(running: NetworkMonth):
    met = {point.month: point.mean for point in running.standard_trends["greeting_time"]}
    assert len(met) == 13
    assert min(met, key=met.__getitem__) == Month(2025, 12)


def test_nothing_stored_contradicts_anything(demo: Store):
    assert verify(demo) == []


# --- what a director would believe --------------------------------------------------------------------------


def test_figures_are_those_of_an_ordinary_network(demo: Store, full: NetworkMonth):
    means = [point.mean for point in full.trends[Axis.STANDARD] if point.mean is not None]
    assert 0.78 <= sum(means) / len(means) <= 0.84
    greeting = next(one for one in full.standards if one.standard == "greeting_time")
    assert 0.72 <= greeting.share <= 0.9
    answers = demo.row(
        "SELECT avg(CASE WHEN code = 'greeting_time' THEN value = -1.0 END) AS never,"
        " avg(CASE WHEN code = 'three_yes_count' THEN value END) AS yeses"
        " FROM answer JOIN item ON item.id = item_id JOIN visit ON visit.id = visit_id WHERE counted"
    )
    assert 0.015 <= answers["never"] <= 0.05
    assert 1.9 <= answers["yeses"] <= 2.3
    assert all(share > 0.05 for share in (full.levels.low / full.levels.n, full.levels.wow / full.levels.n))
    assert full.levels.standard > full.levels.n / 2


def test_answers_are_as_mixed_as_in_life(demo: Store):
    tally = "SELECT {0} AS word, count(*) AS n FROM visit GROUP BY 1"
    outcomes = {row["word"] for row in demo.rows(tally.format("outcome"))}
    assert outcomes == {"completed", "closed", "refused", "recognised"}
    states = {row["word"]: row["n"] for row in demo.rows(tally.format("state"))}
    assert states.keys() == {"sent", "approved", "returned", "void"}
    assert demo.value("SELECT count(*) FROM visit WHERE excluded AND state = 'approved' AND NOT counted") > 0
    assert states["sent"] < states["approved"] / 10, "the office keeps up"
    assert demo.value("SELECT count(*) FROM answer WHERE value IS NULL") > 500, "n/a"
    assert demo.value("SELECT count(*) FROM visit WHERE flagged") > 50
    assert demo.value("SELECT count(*) FROM visit WHERE practice") == 9, "each shopper once"
    assert demo.value("SELECT count(*) FROM visit WHERE practice AND counted") == 0
    assert demo.value("SELECT count(*) FROM visit_employee WHERE described IS NOT NULL") > 3
    unknown = "outcome = 'completed' AND id NOT IN (SELECT visit_id FROM visit_employee)"
    assert demo.value(f"SELECT count(*) FROM visit WHERE {unknown}") > 10
    assert demo.value("SELECT count(*) FROM visit WHERE revision > 1") > 3
    assert demo.value("SELECT count(*) FROM review_note WHERE code = 'employee.not_employed'") > 0
    assert demo.value("SELECT count(DISTINCT purpose) FROM visit") == 4


def test_every_way_of_looking_has_its_series(demo: Store):
    every = {(one["checklist"], one["method"]) for one in series.list_for(demo, "main")}
    assert every == {
        ("store_visit", "mystery_shopping"),
        ("store_visit", "observation"),
        ("store_visit", "self_check"),
        ("online_contact", "mystery_shopping"),
    }
    online = network_month(
        demo, series_id=series_id(demo, "online_contact"), month=FULL, person_id=None, now=LATE
    )
    reply = next(one for one in online.standards if one.standard == "first_reply_time")
    assert reply.timing.timed > 5 and reply.timing.median.value < 20


def test_visits_lie_in_opening_hours_and_arrive_some_hours_later(demo: Store):
    latest = demo.row("SELECT max(visited_at) AS visited, max(received_at) AS received FROM visit")
    assert latest["visited"] <= latest["received"] <= LATE.timestamp()
    assert demo.value("SELECT min(received_at - visited_at) FROM visit") >= 20 * 60
    at = "SELECT visited_at, zone FROM visit JOIN branch ON branch.id = branch_id"
    clocks = [datetime.fromtimestamp(row["visited_at"], ZoneInfo(row["zone"])) for row in demo.rows(at)]
    assert all(10 <= clock.hour <= 18 and clock.weekday() < 6 for clock in clocks)


def test_two_visits_from_before_the_staff_were_told_do_not_count(demo: Store):
    early = demo.rows("SELECT counted, outcome FROM visit WHERE month = 202509 AND practice = 0")
    assert early == [{"counted": 0, "outcome": "completed"}] * 2
    assert demo.value("SELECT notice_given_on FROM programme") == "2025-10-01"


def test_employees_move_and_leave(demo: Store):
    places = "SELECT count(DISTINCT branch_id) AS n FROM employment GROUP BY employee_id"
    assert sum(row["n"] == 2 for row in demo.rows(places)) >= 2
    gone = "SELECT employee_id FROM employment GROUP BY 1 HAVING count(*) = count(to_on)"
    assert len(demo.rows(gone)) >= 3
    names = [row["name"] for row in demo.rows("SELECT name FROM employee")]
    assert len(set(names)) == len(names)


def test_old_months_keep_their_target(running: NetworkMonth):
    aims = [point.target for point in running.trends[Axis.STANDARD]]
    assert aims[0] == 0.82 and aims[-1] == 0.85
    east = next(figure for place, figure in running.regions if place.code == "east")
    assert east.target == 0.80


# --- people -------------------------------------------------------------------------------------------------


def test_there_is_a_login_for_every_way_of_looking(demo: Store):
    logins = settings.get(demo, "demo_logins")
    assert [login["role"] for login in logins] == [
        "admin",
        "reviewer",
        "shopper",
        "manager",
        "manager",
        "employee",
        "leadership",
        "leadership",
    ]
    scopes = {}
    for login in logins:
        person = people.find_by_email(demo, login["email"])
        assert person["role"] == login["role"] and login["password"] == PASSWORD
        assert passwords().fits(PASSWORD, person["password_hash"])
        scopes[login["email"].partition("@")[0]] = people.scopes(demo, person["id"])
    assert [len(scopes[name][0]) for name in ("manager", "manager2")] == [1, 2]
    assert scopes["leadership"] == ((), ()) and len(scopes["region"][1]) == 1
    assert people.list_all(demo, role="shopper")[0]["branches"] == ""


def test_actions_are_open_overdue_done_and_dropped(demo: Store, running: NetworkMonth):
    """What fell everywhere is what leadership set out to improve; a manager finds what came of the last."""
    assert [line.standard for line in running.plan.current] == ["greeting_time", FALLEN]
    assert [(line.standard, line.state) for line in running.plan.settled] == [("first_reply_time", "done")]
    assert (running.plan.open_at_branches, running.plan.closed_at_branches) == (2, 2)
    manager = people.find_by_email(demo, "manager2@demo.example")
    assert manager is not None
    mine = plans.list_for(demo, person_id=manager["id"], limit=100)
    assert {row["state"] for row in mine} == {"open", "dropped"}
    assert min(row["due_on"] for row in mine if row["state"] == "open") < LATE.date().isoformat()


def test_the_last_full_month_is_closed(demo: Store, full: NetworkMonth):
    edition = editions.newest_of(demo, series_id=series_id(demo), month=int(FULL), region=None, branch=None)
    assert edition is not None and edition["released_by"]
    kept = read_snapshot(demo, edition)
    assert kept.text.foreword == wording("en").foreword
    assert all(one.owner and one.due_on for one in kept.text.decisions) and len(kept.text.decisions) == 3
    assert kept.summary.axes == full.axes
    assert not since_released(demo, edition, now=LATE)
    assert again(demo, edition, language="en", audience="leadership", now=LATE).reason == ""


def test_the_shopper_finds_something_of_everything(demo: Store):
    shopper = people.find_by_email(demo, "shopper@demo.example")
    day = shopper_day(demo, person_id=shopper["id"], now=LATE)
    today = LATE.date()
    windows = [(line.visit_from, line.visit_to) for line in day.assignments]
    assert sum(first <= today <= last for first, last in windows) == 3
    assert sum(first >= today + timedelta(days=7) for first, last in windows) == 1
    assert {line.state for line in day.assignments} == {"planned", "accepted"}
    assert len(day.returned) == 1 and day.returned[0].query.endswith("seconds.")
    (draft,) = day.drafts
    held = drafts.find_for(demo, draft.uuid, shopper_id=shopper["id"])
    version = checklists.current(demo, draft.checklist)
    form = form_for(version, attributed=True)
    assert unknown_inputs(form, held["body"]["typed"]) == []
    filled = form(held["body"]["typed"], zone="Europe/Helsinki")
    assert filled.own_faults() == [] and filled.answers["greeting_time"].value == 17_300
    assert draft.assignment in {line.uuid for line in day.assignments}
    linked = (
        "SELECT count(*) FROM visit JOIN assignment AS it ON it.id = assignment_id WHERE it.state = 'done'"
    )
    assert demo.value(linked) > 1_000


# --- the same again, larger, smaller, or not at all ---------------------------------------------------------


def told(store: Store) -> list[dict[str, object]]:
    return store.rows("SELECT visit_id, n, hex(hash) AS hash, at FROM visit_revision ORDER BY visit_id, n")


def test_the_same_seed_on_the_same_day_is_the_same_demo(tmp_path: Path, empty_database: Path):
    found = []
    for number, seed in enumerate((1, 1, 2)):
        path = tmp_path / f"{number}.sqlite"
        path.write_bytes(empty_database.read_bytes())
        store = open_store(path)
        publish_shipped(store, now=NOW)
        make(store, replace(SMALL, seed=seed))
        found.append(told(store))
        store.close()
    assert found[0] == found[1] != []
    assert {row["hash"] for row in found[0]}.isdisjoint(row["hash"] for row in found[2])


@pytest.mark.parametrize("size", [(1, 1, 1, 1), (1, 1, 4, 1), (2, 1, 2, 1), (8, 3, 1, 40)])
def test_a_demo_may_have_another_size(ready: Store, size: tuple[int, int, int, int]):
    branches_, employees, months, visits_ = size
    made = make(ready, Wish(branches=branches_, employees=employees, months=months, visits=visits_))
    assert made.branches == len(branches.list_between(ready, region_id=None, first="", last="")) == branches_
    assert made.visits == visits.count(ready) > 0
    assert verify(ready) == []


@pytest.mark.parametrize(
    "now", [datetime(2026, 3, 1, 0, 5, tzinfo=UTC), datetime(2025, 12, 31, 23, 55, tzinfo=UTC)]
)
def test_a_demo_may_be_made_on_any_day(ready: Store, now: datetime):
    make(ready, SMALL, now)
    assert verify(ready) == []
    assert ready.value("SELECT max(received_at) FROM visit") <= now.timestamp()


def test_more_branches_than_known_places_get_a_number():
    network = plan(seed=1, branches=60, employees=2, language="en", first=FULL, last=RUNNING)
    names = [branch.name for branch in network.branches]
    assert len(set(names)) == 60 and names[24] == "Helsinki Kallio 2"


def test_an_instance_with_branches_or_visits_is_not_filled(ready: Store):
    make(ready, SMALL)
    before = told(ready)
    with pytest.raises(Problem) as refused:
        make(ready, SMALL)
    assert refused.value.code == "demo.not_empty" and "empty one" in str(refused.value)
    assert told(ready) == before


def test_without_its_checklists_the_demo_says_what_to_do(store: Store):
    with pytest.raises(Problem) as refused:
        make(store, SMALL)
    assert refused.value.code == "demo.checklists" and "init" in str(refused.value)


def everything(store: Store) -> dict[str, list[dict[str, object]]]:
    tables = store.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return {row["name"]: store.rows(f"SELECT * FROM {row['name']}") for row in tables}


@pytest.mark.parametrize("end", [KeyboardInterrupt, OSError("disk full")])
def test_a_demo_that_ends_early_leaves_nothing(ready: Store, end: BaseException | type[BaseException]):
    before = everything(ready)
    seen: list[date] = []

    def stop(day: date) -> None:
        seen.append(day)
        if len(seen) == 20:
            assert visits.count(ready) > 0
            raise end

    with pytest.raises((KeyboardInterrupt, OSError)):
        make(ready, SMALL, progress=stop)
    assert everything(ready) == before
    make(ready, SMALL)


def test_reports_quote_what_a_reviewer_released(demo: Store) -> None:
    rows = demo.rows(
        "SELECT quote.text, answer.met FROM quote JOIN answer USING (visit_id, item_id) "
        "JOIN visit ON visit.id = quote.visit_id AND visit.revision = quote.revision WHERE visit.counted"
    )
    assert {row["met"] for row in rows} == {0, 1}
    names = [row["name"] for row in demo.rows("SELECT name FROM employee")]
    assert not any(name in row["text"] for row in rows for name in names)


# --- words and places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence(ready: Store, language: str):
    here, english = asdict(wording(language)), asdict(wording("en"))
    for name, held in english.items():
        if isinstance(held, str):
            assert here[name].strip(), name
        elif isinstance(held, list):
            assert len(here[name]) == len(held) and all(here[name]), name
        else:
            assert here[name].keys() == held.keys(), name
            assert all(here[name].values()), name
    text = json.dumps(here, ensure_ascii=False)
    assert not missing_glyphs(text), "reports can print it"
    assert language == "en" or here["irritations"] != english["irritations"]
    assert len(here["planned_purchases"]) == len(here["scenarios"])


def test_sentences_are_about_items_that_are_asked(ready: Store):
    asked = set()
    for code in ("store_visit", "online_contact"):
        asked |= checklists.current(ready, code).checklist.item.keys()
    said = wording("en")
    assert {*said.liked, *said.improve, *said.notes} - {"never"} <= asked
    assert {*said.emotions} == {"low", "standard", "wow"}


def test_places_are_in_three_regions_and_real_time_zones():
    assert [COUNTRIES[country].region for country, _ in PLACES] == list(REGIONS) * (len(PLACES) // 3)
    assert {country.zone for country in COUNTRIES.values()} <= available_timezones()
    assert len({name for _, name in PLACES}) == len(PLACES)
    letters = "".join(name for _, name in PLACES) + "".join(
        one.given + one.family for one in COUNTRIES.values()
    )
    assert set("äöåüßąćęłńóśźżăâîșț") <= set(letters.lower())
    assert not missing_glyphs(letters)


# --- the command --------------------------------------------------------------------------------------------


def run(instance: Path, *words: str) -> Result:
    return CliRunner().invoke(group(), ["--instance", str(instance), *words])


def test_the_command_prints_how_to_sign_in(ready: Store, instance: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHECKER_PASSWORD_MEMORY_KIB", "8")
    monkeypatch.setenv("CHECKER_PASSWORD_PASSES", "1")
    words = ("demo", "--branches", "2", "--employees", "1", "--months", "1", "--visits", "1", "--lang", "pl")
    answer = run(instance, *words)
    assert answer.exit_code == 0, answer.output
    logins = settings.get(ready, "demo_logins")
    assert answer.stdout.splitlines()[0].startswith("2 branches, 2 employees, ")
    assert len({login["password"] for login in logins}) == 1 and len(logins[0]["password"]) >= 12
    for login in logins:
        assert f"{login['email']}  {login['password']}" in answer.stdout
    assert people.find_by_email(ready, "shopper@demo.example")["language"] == "pl"
    assert settings.get(ready, "organisation") == wording("pl").organisation

    again = run(instance, *words)
    assert again.exit_code == 1 and "Fill an empty one" in again.stderr
    assert "Traceback" not in again.output
    assert settings.get(ready, "demo_logins") == logins


def test_wrong_sizes_are_wrong_usage(instance: Path):
    for words in (("--branches", "0"), ("--months", "x"), ("--lang", "sv")):
        assert run(instance, "demo", *words).exit_code == 2
