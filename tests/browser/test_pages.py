"""The pages that are read, in a real browser: on a desk, on a tablet, on a telephone, without scripts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from checker.actions.close_action import close_action
from checker.actions.plan_action import plan_action
from checker.actions.submit_visit import Sender, Way, submit_visit
from checker.actions.work_on_order import begin_order, note_progress
from checker.jobs.alone import alone
from checker.jobs.orders import LOCK, Workshop, work_off
from checker.standards.model import Checklist, Count, Duration, FreeText, Photo, Scale, YesNo
from checker.store import checklists, orders
from tests import people
from tests.browser.axe import look
from tests.browser.conftest import OpenPage
from tests.browser.site import TABLET, Site

pytestmark = pytest.mark.browser

DESKTOP = {"width": 1280, "height": 800}
SMALL = {"width": 320, "height": 640}

NOW = datetime.now(UTC)
LAST_MONTH = (NOW.replace(day=1) - timedelta(days=1)).replace(day=12, hour=12, minute=0)
MONTH = f"{LAST_MONTH:%Y-%m}"
BRANCH = f"/branches/B001?month={MONTH}&checklist=store_visit"
NETWORK = f"/network?month={MONTH}&checklist=store_visit"


def answers(checklist: Checklist, *, poor: bool) -> dict[str, Any]:
    """Every scored question answered well, or some of them not."""
    found: dict[str, Any] = {}
    for place, item in enumerate(checklist.items):
        low = poor and place % 3 == 0
        match item.rule:
            case YesNo():
                found[item.id] = {"value": "no", "note": "Nobody looked up."} if low else "yes"
            case Duration(limit_s=limit):
                found[item.id] = limit + 20 if low else 12
            case Count(maximum=most):
                found[item.id] = 1 if low else most
            case Scale():
                found[item.id] = 2 if low else 5
            case FreeText():
                found[item.id] = "A warm welcome at the door."
            case Photo():
                continue
    return found


@pytest.fixture(scope="module")
def sheet(site: Site) -> UUID:
    """Twelve visits to Harbour last month and one to Old Town; gives one of those served by Eve."""
    store = site.store()
    held = checklists.current(store, "store_visit")
    assert held is not None
    sam = people.sam(store).id
    sent: list[UUID] = []
    for n in range(13):
        body = {
            "id": str(uuid4()),
            "checklist": "store_visit",
            "version": held.checklist.version,
            "branch": "B001" if n < 12 else "B003",
            "visited_at": (LAST_MONTH - timedelta(days=n % 5)).isoformat(),
            "service_level": ("low", "standard", "wow")[n % 3],
            "employees": {"served_by": {"code": "E0001"}} if n < 12 else {},
            "answers": answers(held.checklist, poor=n % 2 == 0),
        }
        sender = Sender(Way.API, sam, sam)
        sent.append(submit_visit(store, body, sender=sender, now=LAST_MONTH + timedelta(days=1)).id)
    store.close()
    return sent[0]


@pytest.fixture(scope="module")
def action(site: Site, sheet: UUID) -> UUID:
    """Gives an action of Harbour that is overdue; there is one closed, one of its region, one of all."""
    store = site.store()
    asked = {"what": "Practise the greeting.", "owner": "Shift lead", "measured_by": "Share of visits"}

    def plan(due: int, **place: str) -> UUID:
        day = (LAST_MONTH + timedelta(days=due)).date().isoformat()
        return plan_action(store, due_on=day, by=None, now=LAST_MONTH, **asked, **place)

    late, closed = plan(1, branch="B001", standard="greeted"), plan(2, branch="B001")
    close_action(store, closed, state="done", outcome="They greet.", by=None, now=LAST_MONTH)
    plan(200, region="R1")
    plan(200)
    store.close()
    return late


def bottom(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return float(box["y"] + box["height"])


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("viewport", [DESKTOP, TABLET], ids=["desktop", "tablet"])
@pytest.mark.parametrize(("who", "path"), [("mara", BRANCH), ("lee", NETWORK)], ids=["branch", "network"])
def test_the_first_screen_says_the_essentials(
    sheet: UUID, open_page: OpenPage, viewport: dict[str, int], who: str, path: str
):
    page = open_page(f"{who}@example.org", viewport=viewport)
    page.goto(path)
    height = viewport["height"]
    assert bottom(page, "p.lead") < height
    assert bottom(page, ".tiles") < height
    for heading in ("#strengths", "#first"):
        assert bottom(page, heading) < height
    assert sideways(page) <= 0


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("mara", ["/branches", BRANCH, "/employees/E0001", "/visits/{sheet}", "/reports", "/branches/B003"]),
        ("lee", [NETWORK, "/regions/R1", "/branches", BRANCH, "/reports"]),
        ("eve", ["/me", "/visits/{sheet}"]),
        ("rea", ["/review", "/visits/{sheet}", "/visits/{sheet}/revise"]),
    ],
)
def test_nothing_scrolls_sideways_on_a_small_telephone(
    sheet: UUID, open_page: OpenPage, who: str, paths: list[str]
):
    page = open_page(f"{who}@example.org", viewport=SMALL)
    for path in paths:
        page.goto(path.format(sheet=sheet))
        assert sideways(page) <= 0, path
        page.locator("details").evaluate_all("found => found.forEach(one => one.open = true)")
        assert sideways(page) <= 0, f"{path} with everything opened"


def test_charts_are_drawn_for_the_place_they_have(sheet: UUID, open_page: OpenPage):
    page = open_page("mara@example.org", viewport=DESKTOP)
    page.goto(BRANCH)
    chart = page.locator(".chart-box").filter(has=page.locator("#standards-wide-t"))
    expect(chart.locator(".wide")).to_be_visible()
    expect(chart.locator(".narrow")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 640})
    expect(chart.locator(".narrow")).to_be_visible()
    expect(chart.locator(".wide")).to_be_hidden()


def test_the_drawing_and_its_table_say_the_same(sheet: UUID, open_page: OpenPage):
    page = open_page("mara@example.org", viewport=DESKTOP)
    page.goto(BRANCH)
    chart = page.locator(".chart-box").filter(has=page.locator("#trend-standard-wide-t"))
    chart.get_by_text("In figures").click()
    latest = chart.locator("tbody tr").last.locator("td").first.inner_text()
    assert latest in chart.locator(".wide svg").text_content()


def test_everything_can_be_read_without_scripts(sheet: UUID, open_page: OpenPage):
    page = open_page("mara@example.org", viewport=DESKTOP, java_script_enabled=False)
    page.goto(BRANCH)
    earlier = page.locator(".months a[rel=prev]")
    earlier.click()
    assert "No visit counts in this month." in page.inner_text("main")
    page.select_option("#month", MONTH)
    page.get_by_role("button", name="Show", exact=True).click()
    assert f"month={MONTH}" in page.url
    page.locator("#visits tbody a").first.click()
    assert "How the scores add up" in page.inner_text("main")


def test_a_reviewer_decides_and_takes_it_back(sheet: UUID, open_page: OpenPage):
    page = open_page("rea@example.org", viewport=DESKTOP)
    page.goto("/review")
    page.goto(f"/visits/{sheet}")
    page.get_by_role("button", name="Declare void").click()
    assert "Say why; the reason stays with the visit." in page.inner_text("main")
    page.fill("#reason", "The wrong shop")
    page.get_by_role("button", name="Declare void").click()
    assert "Done: Declared void" in page.inner_text("main")
    page.get_by_role("button", name="Bring back").click()
    assert "Done: Brought back" in page.inner_text("main")


def test_a_reviewer_corrects_an_answer(sheet: UUID, open_page: OpenPage):
    page = open_page("rea@example.org", viewport=TABLET)
    page.goto(f"/visits/{sheet}")
    page.get_by_role("link", name="Correct the answers").click()
    page.locator("#q-smiled").get_by_role("radio", name="No", exact=True).check()
    page.fill("#reason", "The note says otherwise.")
    page.get_by_role("button", name="Store the correction").last.click()
    assert "Corrected. The earlier version is kept" in page.inner_text("main")
    assert "The note says otherwise." in page.inner_text("main")


def test_the_button_gives_the_report(sheet: UUID, open_page: OpenPage):
    page = open_page("lee@example.org", viewport=DESKTOP)
    page.goto(NETWORK)
    with page.expect_download() as download:
        page.get_by_role("button", name="This month as PDF").click()
    assert download.value.suggested_filename.endswith(f"{MONTH}-en.pdf")
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_the_page_is_read_by_keyboard(sheet: UUID, open_page: OpenPage):
    page = open_page("mara@example.org", viewport=DESKTOP)
    page.goto(BRANCH)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


# --- actions and reports ------------------------------------------------------------------------------------

MANY = "All branches"


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("mara", [BRANCH, "/actions/{action}", "/branches/B001/new-action"]),
        ("lee", [NETWORK, "/reports", "/reports/editions", "/reports/data"]),
    ],
)
def test_pages_of_actions_and_reports_are_for_everybody(
    sheet: UUID, action: UUID, open_page: OpenPage, who: str, paths: list[str]
):
    page = open_page(f"{who}@example.org", viewport=DESKTOP)
    wrong: list[str] = []
    for path in paths:
        page.goto(path.format(action=action))
        page.locator("#actions details").evaluate_all("found => found.forEach(one => one.open = true)")
        for scheme in ("light", "dark"):
            found = look(page, scheme)
            wrong += [f"{path} {scheme}: {line}" for line in (*found.wrong, *found.undecided)]
    assert not wrong, "\n".join(wrong)


def reading(scope: str, audience: str) -> str:
    """Where last month's report can be read as a page."""
    series = "store_visit-mystery_shopping"
    return f"/reports/read?month={MONTH}&scope={scope}&series={series}&language=en&audience={audience}"


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("lee", reading("network", "leadership")),
        ("mara", reading("branch:B001", "manager")),
        ("mara", reading("branch:B001", "meeting")),
    ],
    ids=["network", "branch", "staff room"],
)
def test_a_report_as_a_page_is_for_everybody(
    sheet: UUID, action: UUID, open_page: OpenPage, who: str, path: str
):
    page = open_page(f"{who}@example.org", viewport=DESKTOP)
    page.goto(path)
    wrong: list[str] = []
    for opened in (False, True):
        page.locator("main details").evaluate_all(
            "(found, opened) => found.forEach(one => one.open = opened)", opened
        )
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            for scheme in ("light", "dark"):
                found = look(page, scheme)
                # On a telephone tables scroll inside themselves, and axe cannot see what is out of sight.
                lines = (*found.wrong, *(found.undecided if width == 1280 else ()))
                wrong += [f"{width} {scheme} {opened}: {line}" for line in lines]
        page.set_viewport_size(SMALL)
        assert sideways(page) <= 0, opened
    assert not wrong, "\n".join(wrong)


def test_a_report_is_read_as_a_page_and_made_as_pdf(sheet: UUID, open_page: OpenPage):
    page = open_page("lee@example.org", viewport=DESKTOP)
    page.goto(NETWORK)
    page.get_by_role("link", name="Read as a page").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Network report")
    page.get_by_role("navigation", name="Contents").get_by_role("link").last.click()
    assert page.url.endswith(f"#{page.locator('main h2').last.get_attribute('id')}")
    with page.expect_download() as download:
        page.get_by_role("button", name="As PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_an_order_is_followed_without_loading_its_page_again(sheet: UUID, site: Site, open_page: OpenPage):
    page = open_page("lee@example.org", viewport=DESKTOP)
    page.goto("/reports")
    page.get_by_label("Month", exact=True).select_option(MONTH)
    page.get_by_label("Report on").select_option(label=MANY)
    store = site.store()
    with alone(site.instance / LOCK) as mine:  # nobody begins it before we have looked
        assert mine
        page.get_by_role("button", name="Make the PDF").click()
        expect(page.get_by_text("It begins in a moment.")).to_be_visible()
        page.evaluate("window.same = true")
        page.locator("#stop").focus()
        row = orders.next_open(store)
        assert row is not None
        begin_order(store, row, now=NOW)
        note_progress(store, row["id"], total=3, made=1, left=[])
        expect(page.get_by_text("1 of 3 reports are made.")).to_be_visible()
        expect(page.get_by_role("status")).to_have_text("being made")
        expect(page.locator("#stop")).to_be_focused()
        assert page.get_by_role("progressbar").get_attribute("value") == "1"
    work_off(store, Workshop(site.instance, 1))
    store.close()
    expect(page.get_by_text(re.compile(r"^(\d+) of \1 reports are made\.$"))).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("done")
    assert page.evaluate("window.same"), "the page was loaded again"
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("as ZIP$")).click()
    assert download.value.path().read_bytes().startswith(b"PK")
    for scheme in ("light", "dark"):
        found = look(page, scheme)
        assert (found.wrong, found.undecided) == ((), ())
