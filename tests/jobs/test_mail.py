"""Reports by mail: through a real mail server, each once, and only to who may have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from checker.actions.add_mailing import add_mailing
from checker.actions.begin_edition import begin_edition
from checker.actions.change_mailing import change_mailing, retire_mailing
from checker.actions.change_person import change_person
from checker.actions.mailing_entry import MailingEntry
from checker.actions.send_mail import ENDED, UNKNOWN, note_due, note_sending, send_again, try_mailing
from checker.config import Settings, load
from checker.editions.closing import release
from checker.jobs.alone import alone
from checker.jobs.mail import LOCK, NO_NAMES, NOT_ALLOWED, NOT_EVER, NOT_NOW, TAKEN_OUT, send_due
from checker.problem import Problem
from checker.standards.faults import Refused
from checker.standards.month import Month
from checker.store import mailings, series, settings
from checker.store.connection import Row
from checker.store.queue import IntegrityError
from tests.mail_server import PASSWORD, USER, MailServer
from tests.making_store import NOW, Shop
from tests.making_store import shop as made

MADE = datetime(2026, 10, 20, tzinfo=UTC)
VISITED = (NOW - timedelta(days=10)).date()
DUE = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
ENTRY = MailingEntry(
    name="Board",
    recipients="boss@example.org",
    day=2,
    hour=8,
    zone="Europe/Helsinki",
    language="en",
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Harbour and Airport with a visit each; at Centre nobody was."""
    with made(tmp_path) as it:
        it.send()
        it.send(branch="B3")
        with it.store.write():
            settings.put(it.store, "organisation", "Nordline & Söhne")
        yield it


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    it = MailServer(tmp_path / "mail")
    it.start()
    yield it
    it.stop()


def options(shop: Shop, server: MailServer, **rest: object) -> Settings:
    plain = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
    sender = {"mail_from": "reports@example.org", "public_url": "https://checker.example.org"}
    return load(shop.store.path.parent, {}, **{**plain, **sender, **rest})


def send(shop: Shop, server: MailServer, now: datetime = DUE, **rest: object) -> list[Row]:
    send_due(shop.store, options(shop, server, **rest), clock=lambda: now)
    return list(reversed(mailings.log(shop.store, limit=100)))


def pdf_of(message: EmailMessage) -> bytes:
    (attached,) = message.iter_attachments()
    assert attached.get_content_type() == "application/pdf"
    content = attached.get_content()
    assert isinstance(content, bytes)
    return content


def plain(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


# --- what arrives -------------------------------------------------------------------------------------------


def test_the_report_arrives_and_says_what_is_missing(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    (mail,) = send(shop, server)
    (message,) = server.taken()
    assert message["Subject"] == "Nordline & Söhne: Whole network, October 2026"
    assert message["To"] == "boss@example.org"
    assert message["From"] == "Nordline & Söhne <reports@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    said = plain(message)
    assert "2 visits count." in said
    assert "1 branch has no counted visit: Station." in said or "no counted visit: " in said
    assert "The month is not closed" in said
    assert "https://checker.example.org/network?month=2026-10" in said
    html = message.get_body(("html",))
    assert html is not None
    assert "Nordline" in message["Subject"]
    assert '<html lang="en">' in html.get_content()
    content = pdf_of(message)
    assert "Nordline & Söhne" in "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert mail["state"] == "sent"
    assert mail["said"] == "250 2.0.0 Taken"
    assert mail["files"] == [["network-2026-10-shop.pdf", sha256(content).hexdigest()]]


def test_a_closed_month_goes_as_the_bytes_that_were_kept(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    closed = datetime(2026, 11, 1, 12, tzinfo=UTC)
    shop_series = series.list_for(shop.store, "main")[0]["id"]
    asked = [("Smile.", "Visits", "All", "2026-12-01")]
    edition = begin_edition(
        shop.store, month=Month(2026, 10), series_id=shop_series, decisions=asked, by=None, now=closed
    )
    release(shop.store, edition, changes=0, languages=["en"], by=None, now=closed)
    shop.send(branch="B2", now=closed + timedelta(hours=1))
    send(shop, server)
    (message,) = server.taken()
    assert pdf_of(message) == shop.store.value(
        "SELECT content FROM edition_file WHERE audience = 'leadership'"
    )
    assert "The month was closed on 1 Nov 2026" in plain(message)
    # The visit that came late was counted in the mail, and not in the file that it holds.
    assert "2 visits count." in plain(message)
    assert "1 branch has no counted visit: Airport." in plain(message)


def test_of_a_closed_month_a_language_that_was_not_kept_says_that_it_is_of_today(
    shop: Shop, server: MailServer
) -> None:
    """It said that the month was not closed."""
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    closed = datetime(2026, 11, 1, 12, tzinfo=UTC)
    edition = begin_edition(
        shop.store,
        month=Month(2026, 10),
        series_id=shop.series_id,
        decisions=[("Smile.", "Visits", "All", "2026-12-01")],
        by=None,
        now=closed,
    )
    release(shop.store, edition, changes=0, languages=["fi"], by=None, now=closed)
    send(shop, server)
    (message,) = server.taken()
    assert pdf_of(message).startswith(b"%PDF")
    said = " ".join(plain(message).split())
    assert "The month was closed on 1 Nov 2026; this file was made now, with the figures of today." in said
    assert "not closed" not in said


def test_the_staff_room_s_sheet_arrives_without_names_and_visits(shop: Shop, server: MailServer) -> None:
    for _ in range(5):
        shop.send(employees={"served_by": {"code": "E1"}})
    copy = replace(ENTRY, name="Staff room", branch="B1", audience="meeting")
    add_mailing(shop.store, copy, by=None, now=MADE)
    (mail,) = send(shop, server)
    (message,) = server.taken()
    assert message["Subject"] == "Nordline & Söhne: Harbour, October 2026: for the staff room"
    assert "6 visits count." in plain(message)
    content = pdf_of(message)
    assert mail["files"] == [["branch-B1-2026-10-shop-meeting.pdf", sha256(content).hexdigest()]]
    sheet = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    assert "What was met, strengths first" in sheet
    for secret in ("Eve", "E1", "Sam", "Mara", VISITED.isoformat(), f"{VISITED.day} Oct"):
        assert secret not in sheet + plain(message), secret


def test_the_staff_room_s_sheet_is_of_one_branch(shop: Shop) -> None:
    for place in ({}, {"region": "north"}):
        with pytest.raises(Refused, match="staff room is of one branch"):
            add_mailing(shop.store, replace(ENTRY, audience="meeting", **place), by=None, now=MADE)


def test_the_mail_speaks_the_group_s_language_and_may_hold_a_link_alone(
    shop: Shop, server: MailServer
) -> None:
    add_mailing(shop.store, replace(ENTRY, attach=False, language="de"), by=None, now=MADE)
    send(shop, server)
    (message,) = server.taken()
    assert list(message.iter_attachments()) == []
    assert message["Content-Language"] == "de"
    assert "Oktober 2026" in message["Subject"]


def test_a_code_with_a_blank_breaks_no_link(shop: Shop, server: MailServer) -> None:
    with shop.store.write():
        shop.store.db.execute("UPDATE branch SET code = 'B 1#a' WHERE code = 'B1'")
    add_mailing(shop.store, replace(ENTRY, branch="B 1#a"), by=None, now=MADE)
    send(shop, server)
    (message,) = server.taken()
    assert "https://checker.example.org/branches/B%201%23a?month=2026-10" in plain(message)


def test_a_month_without_any_visit_is_told_too(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    send(shop, server, DUE + timedelta(days=31))
    (message,) = server.taken()
    assert message["Subject"].endswith("November 2026")
    assert "No visit counts in this month." in plain(message)
    assert "3 branches have no counted visit" in plain(message)
    assert pdf_of(message).startswith(b"%PDF")


def test_names_cannot_add_a_header_or_a_tag(shop: Shop, server: MailServer) -> None:
    with shop.store.write():
        settings.put(shop.store, "organisation", "Nord\r\nBcc: all@example.org\n\n<b>")
        shop.store.db.execute("UPDATE branch SET name = 'Har\r\nX-Evil: yes <script>' WHERE code = 'B1'")
    add_mailing(shop.store, replace(ENTRY, branch="B1"), by=None, now=MADE)
    (mail,) = send(shop, server)
    assert mail["state"] == "sent"
    (message,) = server.taken()
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert message["To"] == "boss@example.org"
    html = message.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()


@pytest.mark.parametrize(
    "typed",
    [
        "boss@example.org\nBcc:x@example.org",
        "<boss@example.org>",
        "boss",
        "a@b>c",
        "böss@example.org",
        '"a b"@c',
        "bo..ss@example.org",
        ".boss@example.org",
        "boss.@example.org",
        "boss@example..org",
    ],
)
def test_what_is_no_address_is_refused(shop: Shop, typed: str) -> None:
    with pytest.raises(Refused):
        add_mailing(shop.store, replace(ENTRY, recipients=typed), by=None, now=MADE)


# --- once ---------------------------------------------------------------------------------------------------


def test_nobody_gets_a_month_twice(shop: Shop, server: MailServer) -> None:
    add_mailing(
        shop.store, replace(ENTRY, recipients="a@example.org b@example.org A@example.org"), by=None, now=MADE
    )
    for hours in (0, 1, 500):
        send(shop, server, DUE + timedelta(hours=hours))
    assert sorted(message["To"] for message in server.taken()) == ["A@example.org", "b@example.org"]
    assert len(send(shop, server, DUE + timedelta(days=30))) == 4  # the next month's


def test_what_was_due_before_it_was_added_is_not_sent(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=DUE)
    assert send(shop, server, DUE + timedelta(days=1)) == []


def test_a_word_corrected_in_its_hour_costs_nobody_the_month(shop: Shop, server: MailServer) -> None:
    """Whatever was changed between the hour and the sending, nobody got that month."""
    key = add_mailing(shop.store, ENTRY, by=None, now=MADE)
    more = replace(ENTRY, name="The board", recipients="boss@example.org new@example.org")
    change_mailing(shop.store, key, more, by=None, now=DUE)
    assert len(send(shop, server, DUE + timedelta(minutes=1))) == 2
    later = replace(more, day=20, recipients="boss@example.org third@example.org")
    change_mailing(shop.store, key, later, by=None, now=DUE + timedelta(hours=1))
    send(shop, server, DUE + timedelta(days=19))
    assert len(server.taken()) == 2  # of October all are written down


def test_before_its_hour_nothing_goes(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    assert send(shop, server, datetime(2026, 11, 2, 5, 59, tzinfo=UTC)) == []
    assert len(send(shop, server, datetime(2026, 11, 2, 6, 0, tzinfo=UTC))) == 1


def test_a_process_that_ended_while_sending_does_not_send_again(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    note_due(shop.store, now=DUE)
    (held,) = mailings.log(shop.store, limit=1)
    note_sending(shop.store, held, [])  # and here the power failed
    (mail,) = send(shop, server)
    assert (mail["state"], mail["text"]) == ("unknown", UNKNOWN)
    assert server.taken() == []
    send_again(shop.store, mail["id"], by=shop.people["ada"], now=DUE)
    (mail,) = send(shop, server)
    assert mail["state"] == "sent"
    with pytest.raises(Problem, match="not sent twice"):
        send_again(shop.store, mail["id"], by=shop.people["ada"], now=DUE)


def test_a_sent_mail_of_which_no_note_could_be_made_is_not_said_to_be_withheld(
    shop: Shop, server: MailServer
) -> None:
    """It was said not to have gone, so whoever let it be sent again sent it twice."""
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    broken = """
        CREATE TRIGGER broken BEFORE UPDATE ON mail WHEN new.state = 'sent'
        BEGIN SELECT RAISE(ABORT, 'broken'); END
    """
    with shop.store.write():
        shop.store.db.execute(broken)
    (mail,) = send(shop, server)
    assert (mail["state"], mail["text"]) == ("unknown", UNKNOWN)
    assert len(server.taken()) == 1


def test_where_it_cannot_be_noted_that_it_goes_nothing_goes_and_nothing_is_given_up(
    shop: Shop, server: MailServer
) -> None:
    """A database that was busy for a moment cost a recipient the month."""
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    broken = """
        CREATE TRIGGER broken BEFORE UPDATE ON mail WHEN new.state = 'sending'
        BEGIN SELECT RAISE(ABORT, 'broken'); END
    """
    with shop.store.write():
        shop.store.db.execute(broken)
    with pytest.raises(IntegrityError, match="broken"):
        send(shop, server)
    with shop.store.write():
        shop.store.db.execute("DROP TRIGGER broken")
    (mail,) = send(shop, server)
    assert mail["state"] == "sent"
    assert len(server.taken()) == 1


def test_a_connection_cut_after_the_message_is_not_tried_again(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, replace(ENTRY, recipients="drops@example.org"), by=None, now=MADE)
    assert send(shop, server)[0]["state"] == "unknown"
    assert send(shop, server, DUE + timedelta(days=2))[0]["state"] == "unknown"
    assert len(server.taken()) == 1


def test_a_goodbye_that_goes_wrong_changes_nothing(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, replace(ENTRY, recipients="rude@example.org"), by=None, now=MADE)
    assert send(shop, server)[0]["state"] == "sent"
    send(shop, server, DUE + timedelta(hours=1))
    assert len(server.taken()) == 1


def test_a_second_process_goes_away(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    with alone(shop.store.path.parent / LOCK):
        assert send(shop, server) == []


# --- refusals -----------------------------------------------------------------------------------------------


def test_a_refusal_for_now_is_tried_again_ever_more_rarely(shop: Shop, server: MailServer) -> None:
    (server.folder / "later").touch()
    add_mailing(shop.store, replace(ENTRY, recipients="later@example.org"), by=None, now=MADE)
    (mail,) = send(shop, server)
    assert (mail["state"], mail["tries"], mail["text"]) == ("waiting", 1, NOT_NOW)
    assert mail["said"] == "451 4.7.1 Greylisted, try again"
    assert mail["next_at"] == int(DUE.timestamp()) + 60
    assert send(shop, server, DUE + timedelta(seconds=59))[0]["tries"] == 1
    assert send(shop, server, DUE + timedelta(seconds=61))[0]["tries"] == 2
    (server.folder / "later").unlink()
    assert send(shop, server, DUE + timedelta(minutes=10))[0]["state"] == "sent"
    assert len(server.taken()) == 1


def test_a_clock_that_was_ahead_for_a_while_lets_no_mail_wait_for_years(
    shop: Shop, server: MailServer
) -> None:
    (server.folder / "later").touch()
    add_mailing(shop.store, replace(ENTRY, recipients="later@example.org"), by=None, now=MADE)
    note_due(shop.store, now=DUE)
    assert len(send(shop, server, DUE + timedelta(days=3650))) == 2  # it takes the month for another one
    (server.folder / "later").unlink()
    october, years_ahead = send(shop, server, DUE + timedelta(minutes=5))
    assert (october["month"], october["state"]) == (202610, "sent")
    assert (years_ahead["month"], years_ahead["state"]) == (203609, "waiting")


def test_it_is_given_up_after_two_days(shop: Shop, server: MailServer) -> None:
    (server.folder / "later").touch()
    add_mailing(shop.store, replace(ENTRY, recipients="later@example.org"), by=None, now=MADE)
    now = DUE
    for _ in range(20):
        (mail,) = send(shop, server, now)
        now += timedelta(hours=25)
    assert (mail["state"], mail["tries"]) == ("refused", 9)


def test_a_refusal_for_good_is_noted_and_holds_up_nobody(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, replace(ENTRY, recipients="never@example.org z@example.org"), by=None, now=MADE)
    refused, sent = send(shop, server)
    assert (refused["state"], refused["text"]) == ("refused", NOT_EVER)
    assert "No such mailbox" in refused["said"]
    assert sent["state"] == "sent"


def test_a_refusal_of_the_sender_is_no_refusal_of_the_recipient(shop: Shop, server: MailServer) -> None:
    """One wrong setting had every mail of the month given up at once."""
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    (mail,) = send(shop, server, mail_from="stranger@example.org")
    assert (mail["state"], mail["tries"]) == ("waiting", 1)
    assert mail["said"] == "530 5.7.0 Authentication required"
    assert send(shop, server, DUE + timedelta(minutes=2))[0]["state"] == "sent"


def test_a_server_that_is_away_is_tried_again(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    server.stop()
    (mail,) = send(shop, server)
    assert (mail["state"], mail["tries"]) == ("waiting", 1)
    assert "refused" in mail["said"]


def test_without_a_mail_server_nothing_is_lost(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    assert send(shop, server, smtp_host="") == []
    assert len(send(shop, server, DUE + timedelta(days=3))) == 1


# --- who may have what --------------------------------------------------------------------------------------


def test_names_go_to_those_alone_who_may_see_them(shop: Shop, server: MailServer) -> None:
    copy = replace(ENTRY, branch="B1", audience="manager")
    for wrong in ("boss@example.org", "lee@example.org", "bo@example.org"):
        with pytest.raises(Refused):
            add_mailing(shop.store, replace(copy, recipients=wrong), by=None, now=MADE)
    with pytest.raises(Refused):
        add_mailing(shop.store, replace(copy, branch=None, recipients="mara@example.org"), by=None, now=MADE)
    shop.send(employees={"served_by": {"code": "E1"}})
    add_mailing(shop.store, replace(copy, recipients="mara@example.org"), by=None, now=MADE)
    send(shop, server)
    (message,) = server.taken()
    assert "Eve" in "".join(page.extract_text() for page in PdfReader(BytesIO(pdf_of(message))).pages)


def test_who_may_see_it_is_asked_again_at_each_sending(shop: Shop, server: MailServer) -> None:
    copy = replace(ENTRY, branch="B1", audience="manager", recipients="mara@example.org")
    add_mailing(shop.store, copy, by=None, now=MADE)
    with shop.store.write():
        shop.store.db.execute("DELETE FROM person_scope WHERE person_id = :id", {"id": shop.people["mara"]})
    (mail,) = send(shop, server)
    assert (mail["state"], mail["text"]) == ("withheld", NO_NAMES)
    assert server.taken() == []


def test_an_address_of_nobody_hears_no_sooner_than_the_branch(shop: Shop, server: MailServer) -> None:
    """A visit stood in the staff room's sheet before the branch could see it."""
    sheet = replace(ENTRY, branch="B1", audience="meeting", recipients="staffroom@example.org")
    add_mailing(shop.store, sheet, by=None, now=MADE)
    shop.send(now=DUE - timedelta(minutes=5))
    send(shop, server)
    (message,) = server.taken()
    assert "1 visit counts." in plain(message)


def test_mail_follows_a_person_to_their_new_address(shop: Shop, server: MailServer) -> None:
    """The old one became an address of nobody, which gets more than the person may see."""
    here = replace(ENTRY, recipients="lena@example.org")
    network = add_mailing(shop.store, here, by=None, now=MADE)
    north = add_mailing(shop.store, replace(here, region="north"), by=None, now=MADE)
    new = {"email": "lena.new@example.org", "name": "Lena", "role": "leadership", "regions": ["north"]}
    change_person(shop.store, person_id=shop.people["lena"], by=None, now=MADE, **new)
    mails = {mail["mailing_id"]: (mail["email"], mail["state"]) for mail in send(shop, server)}
    assert mails == {network: (new["email"], "withheld"), north: (new["email"], "sent")}
    assert [message["To"] for message in server.taken()] == [new["email"]]


@pytest.mark.parametrize("email", ["mara@example.org", "eve@example.org", "lena@example.org"])
def test_a_person_gets_no_report_of_a_place_they_do_not_look_after(
    shop: Shop, server: MailServer, email: str
) -> None:
    add_mailing(shop.store, replace(ENTRY, recipients=email), by=None, now=MADE)
    (mail,) = send(shop, server)
    assert mail["state"] == "withheld"
    assert server.taken() == []


def test_a_person_who_has_left_gets_nothing(shop: Shop, server: MailServer) -> None:
    add_mailing(shop.store, replace(ENTRY, recipients="lee@example.org"), by=None, now=MADE)
    with shop.store.write():
        shop.store.change("person", shop.people["lee"], {"disabled_at": 1})
    assert send(shop, server)[0]["text"] == NOT_ALLOWED


# --- changing it --------------------------------------------------------------------------------------------


def test_a_mailing_that_ended_sends_nothing_more(shop: Shop, server: MailServer) -> None:
    key = add_mailing(shop.store, ENTRY, by=None, now=MADE)
    try_mailing(shop.store, key, "boss@example.org", by=shop.people["ada"], now=DUE)
    retire_mailing(shop.store, key, by=None, now=DUE)
    (mail,) = send(shop, server)
    assert (mail["state"], mail["text"]) == ("withheld", ENDED)
    with pytest.raises(Problem, match="has ended"):
        change_mailing(shop.store, key, ENTRY, by=None, now=DUE)


def test_who_was_taken_out_gets_no_mail_that_waited(shop: Shop, server: MailServer) -> None:
    """A mail that was refused for now went to them all the same, up to two days later."""
    (server.folder / "later").touch()
    both = replace(ENTRY, recipients="later@example.org later2@example.org")
    key = add_mailing(shop.store, both, by=None, now=MADE)
    send(shop, server)
    (server.folder / "later").unlink()
    change_mailing(shop.store, key, replace(ENTRY, recipients="LATER@example.org"), by=None, now=DUE)
    taken_out, kept = send(shop, server, DUE + timedelta(hours=1))  # by address
    assert (taken_out["state"], taken_out["text"]) == ("withheld", TAKEN_OUT)
    assert kept["state"] == "sent"
    assert [message["To"] for message in server.taken()] == ["later@example.org"]


def test_a_test_goes_now_and_takes_nobody_s_mail_away(shop: Shop, server: MailServer) -> None:
    key = add_mailing(shop.store, ENTRY, by=None, now=MADE)
    before = datetime(2026, 11, 1, tzinfo=UTC)
    try_mailing(shop.store, key, "boss@example.org", by=shop.people["ada"], now=before)
    assert [mail["trial"] for mail in send(shop, server, before)] == [1]
    send(shop, server)
    subjects = [message["Subject"] for message in server.taken()]
    assert subjects[0].startswith("Test: ")
    assert not subjects[1].startswith("Test: ")


def test_every_fault_of_a_mailing_is_named_at_its_field(shop: Shop) -> None:
    wrong = MailingEntry("", "", None, 24, "Nowhere/Land", "xx", "all", "east", "B9", "none")
    with pytest.raises(Refused) as refused:
        add_mailing(shop.store, wrong, by=None, now=MADE)
    places = {fault.place for fault in refused.value.faults}
    wanted = "name recipients day hour zone language audience region branch checklist"
    assert places == set(wanted.split())


# --- by a secured server ------------------------------------------------------------------------------------


def test_it_goes_over_tls_with_a_password(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer(tmp_path / "mail", secured=True)
    try:
        server.start()
        add_mailing(shop.store, ENTRY, by=None, now=MADE)
        (tmp_path / "password").write_text(f"{PASSWORD}\n")
        secured = {"smtp_host": "localhost", "smtp_security": "starttls", "smtp_user": USER}
        (mail,) = send(shop, server, **secured, smtp_password="wrong")
        assert mail["state"] == "waiting"
        assert "certificate" in mail["said"].lower()  # nobody vouches for it yet
        monkeypatch.setenv("SSL_CERT_FILE", str(server.folder / "cert.pem"))
        (mail,) = send(shop, server, DUE + timedelta(hours=1), **secured, smtp_password="wrong")
        assert mail["state"] == "waiting"
        assert "535" in mail["said"]
        (mail,) = send(shop, server, DUE + timedelta(hours=1.5), **secured, smtp_password="größer")
        assert mail["state"] == "waiting"
        with_file = {**secured, "smtp_password_file": str(tmp_path / "password")}
        (mail,) = send(shop, server, DUE + timedelta(hours=2), **with_file)
        assert mail["state"] == "sent"
        assert pdf_of(server.taken()[0]).startswith(b"%PDF")
    finally:
        server.stop()


def test_a_setting_that_cannot_be_is_said(shop: Shop, server: MailServer) -> None:
    with pytest.raises(Problem, match="starttls, tls or none"):
        send(shop, server, smtp_security="maybe")


@pytest.mark.parametrize("given", ["Checker <reports@example.org>", "reports", "réports@example.org"])
def test_a_sender_that_is_no_address_costs_nobody_their_mail(
    shop: Shop, server: MailServer, given: str
) -> None:
    """Each mail was given up as one that could not be made."""
    add_mailing(shop.store, ENTRY, by=None, now=MADE)
    with pytest.raises(Problem, match="give an address alone"):
        send(shop, server, mail_from=given)
    assert [mail["state"] for mail in send(shop, server)] == ["sent"]
