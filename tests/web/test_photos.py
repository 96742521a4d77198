"""Photos: sent in pieces that are cut anywhere, seen by whoever may see their visit, missed when they do not
come.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from checker.actions.correct_visit import correct_visit
from checker.actions.keep_photo import keep_photo
from checker.sealing import seal_key
from checker.store import photo_files, photos, visits
from checker.store.connection import Store
from checker.web.tablet.photos import LARGEST
from tests import people
from tests.browsing import Browser, Clock, signed_in_as
from tests.conftest import NOW
from tests.making_store import GOOD, PICTURED
from tests.making_store import publish as publish_shop
from tests.picturing import picture
from tests.sealed import seal as sealed
from tests.web.asking import Program
from tests.web.sent import send, words

ONE = picture(300, 200, noise=True)
OTHER = picture(90, 60, colour=(10, 20, 200))
HASH, OTHER_HASH = (sha256(given).hexdigest() for given in (ONE, OTHER))
KIB = 1024


def listing(*hashes: str, item: str = "tidy") -> list[dict[str, str]]:
    return [{"item": item, "sha256": one} for one in hashes]


@pytest.fixture
def visit(store: Store) -> UUID:
    """A visit to B001 by Sam, revealed, that lists both pictures at one item."""
    return send(store, photos=listing(HASH, OTHER_HASH), employees={"served_by": {"code": "E0001"}})


@pytest.fixture
def seal(app: Flask) -> Callable[..., bytes]:
    """What a tablet makes of a picture: `seal(visit, picture)`."""
    keys = seal_key(Path(app.instance_path))

    def made(visit: UUID, given: bytes = ONE) -> bytes:
        return sealed(keys.spki, given, f"photo {visit} {sha256(given).hexdigest()}")

    return made


@pytest.fixture
def put(app: Flask) -> Callable[..., TestResponse]:
    """Sends a piece as a tablet does that nobody is signed in on: no cookie, no form token."""

    def sent(visit: UUID, piece: bytes, offset: int, of: int, sent_hash: str = HASH) -> TestResponse:
        return FlaskClient(app, app.response_class, use_cookies=False).put(
            f"/tablet/visits/{visit}/photos/{sent_hash}",
            query_string={"offset": offset, "of": of},
            data=piece,
            headers={"Content-Type": "application/octet-stream", "Checker-Protocol": "1"},
            buffered=True,
        )

    return sent


def state(client: Browser, visit: UUID, sent_hash: str = HASH) -> Any:
    return client.get(f"/tablet/visits/{visit}/photos/{sent_hash}").get_json()


# --- in pieces --------------------------------------------------------------------------------------------


def test_a_photo_arrives_in_pieces_and_is_receipted_once(
    store: Store, client: Browser, visit: UUID, seal: Callable[..., bytes], put: Callable[..., TestResponse]
):
    whole = seal(visit)
    assert state(client, visit) == {"received": 0}
    first = put(visit, whole[:5000], 0, len(whole))
    assert (first.status_code, first.get_json()) == (200, {"received": 5000})
    assert state(client, visit) == {"received": 5000}
    last = put(visit, whole[5000:], 5000, len(whole))
    assert last.status_code == 201
    receipt = last.get_json()
    assert receipt["complete"] is True
    assert (receipt["item"], receipt["sha256"]) == ("tidy", HASH)
    assert receipt["received_at"] == "2026-10-15", "the branch may ask too, and never learns the hour"
    assert photo_files.is_there(store, receipt["stored_sha256"])
    assert state(client, visit) == receipt
    again = put(visit, whole[5000:], 5000, len(whole))
    assert (again.status_code, again.get_json()) == (200, receipt)
    assert photo_files.received(store, visit, HASH) == 0, "nothing unfinished stays"


@pytest.mark.parametrize("overlap", [0, 700])
def test_it_may_be_cut_at_every_kib(
    store: Store,
    client: Browser,
    visit: UUID,
    seal: Callable[..., bytes],
    put: Callable[..., TestResponse],
    overlap: int,
):
    whole = seal(visit)
    assert len(whole) > 20 * KIB
    for at in range(0, len(whole), KIB):
        assert state(client, visit) == {"received": at}
        begin = max(0, at - overlap)
        answer = put(visit, whole[begin : at + KIB], begin, len(whole))
        assert answer.status_code == (201 if at + KIB >= len(whole) else 200)
    assert state(client, visit)["complete"] is True


@pytest.mark.parametrize("cut", [0, 1, KIB, 9 * KIB])
def test_whatever_came_before_a_cut_stays(
    app: Flask,
    client: Browser,
    visit: UUID,
    seal: Callable[..., bytes],
    put: Callable[..., TestResponse],
    cut: int,
):
    """The connection breaks in the middle of a piece: the server keeps what it has heard, and says so."""
    whole = seal(visit)
    answer = FlaskClient(app, app.response_class, use_cookies=False).put(
        f"/tablet/visits/{visit}/photos/{HASH}?offset=0&of={len(whole)}",
        data=whole[:cut],
        environ_overrides={"CONTENT_LENGTH": str(len(whole))},
    )
    assert answer.status_code == 400
    assert state(client, visit) == {"received": cut}
    assert put(visit, whole[cut:], cut, len(whole)).status_code == 201


def test_sent_twice_at_once_it_has_the_same_receipt(
    store: Store, visit: UUID, seal: Callable[..., bytes], put: Callable[..., TestResponse]
):
    """A tablet that waited too long for the answer begins anew while the first request is still at work."""
    closed = seal(visit)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: put(visit, closed, 0, len(closed)), range(8)))
    assert sorted({answer.status_code for answer in answers}) == [200, 201]
    photo_files.receive(store, visit, HASH, 0, closed)
    photo_files.let_go(store, visit, HASH)  # the other is through with it
    photo_files.settle(store, visit, HASH)


def test_a_gap_is_refused_and_says_where_to_go_on(
    visit: UUID, seal: Callable[..., bytes], put: Callable[..., TestResponse]
):
    whole = seal(visit)
    put(visit, whole[:100], 0, len(whole))
    answer = put(visit, whole[200:300], 200, len(whole))
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    said = answer.get_json()
    assert (said["code"], said["received"]) == ("photo.offset", 100)


def test_an_empty_piece_goes_on_with_what_is_here(
    store: Store, visit: UUID, seal: Callable[..., bytes], put: Callable[..., TestResponse]
):
    """The server was killed between the last piece and its receipt."""
    whole = seal(visit)
    photo_files.receive(store, visit, HASH, 0, whole)
    assert put(visit, b"", len(whole), len(whole)).status_code == 201


def test_what_was_sealed_anew_is_taken_from_its_start(
    visit: UUID, seal: Callable[..., bytes], put: Callable[..., TestResponse]
):
    first, second = seal(visit), seal(visit)
    put(visit, first[:9000], 0, len(first))
    assert put(visit, second[:4000], 0, len(second)).get_json() == {"received": 4000}
    assert put(visit, second[4000:], 4000, len(second)).status_code == 201


def test_what_cannot_be_opened_is_let_go_and_can_be_sent_again(
    client: Browser, visit: UUID, seal: Callable[..., bytes], put: Callable[..., TestResponse]
):
    first, second = seal(visit), seal(visit)
    put(visit, first[:9000], 0, len(first))
    mixed = put(visit, second[9000:], 9000, len(second))
    assert (mixed.status_code, mixed.get_json()["code"]) == (422, "photo.unreadable")
    assert state(client, visit) == {"received": 0}
    assert put(visit, second, 0, len(second)).status_code == 201


def test_what_is_another_picture_or_none_is_refused_in_words(
    app: Flask, store: Store, seal: Callable[..., bytes], put: Callable[..., TestResponse]
):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    svg_hash = sha256(svg).hexdigest()
    visit = send(store, photos=listing(svg_hash, HASH))
    keys = seal_key(Path(app.instance_path))
    for sent_hash, given, code in (
        (svg_hash, svg, "photo.not_image"),
        (HASH, OTHER, "photo.other_hash"),
    ):
        content = sealed(keys.spki, given, f"photo {visit} {sent_hash}")
        answer = put(visit, content, 0, len(content), sent_hash)
        assert (answer.status_code, answer.get_json()["code"]) == (422, code)
        assert answer.get_json()["detail"]
    foreign = sealed(seal_key(Path(app.instance_path) / "elsewhere").spki, ONE, f"photo {visit} {HASH}")
    answer = put(visit, foreign, 0, len(foreign))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "tablet.other_key")


def test_only_listed_photos_of_known_visits_are_taken(
    client: Browser, visit: UUID, put: Callable[..., TestResponse]
):
    for uuid, sent_hash in ((visit, "ab" * 32), (uuid4(), HASH)):
        answer = put(uuid, b"x", 0, 1, sent_hash)
        assert (answer.status_code, answer.get_json()["code"]) == (404, "photo.unlisted")
        assert client.get(f"/tablet/visits/{uuid}/photos/{sent_hash}").status_code == 404
    for odd in ("AB" * 32, "ab" * 31, "..%2f" * 16, "x"):
        assert client.get(f"/tablet/visits/{visit}/photos/{odd}").status_code == 404


@pytest.mark.parametrize(
    ("offset", "of", "status"),
    [("", "1", 400), ("-1", "9", 400), ("0", "x", 400), ("0", "²", 400), ("0", str(LARGEST + 1), 413)],
)
def test_odd_places_are_refused(
    visit: UUID, put: Callable[..., TestResponse], offset: Any, of: Any, status: int
):
    assert put(visit, b"x", offset, of).status_code == status


def test_more_than_was_announced_is_refused(visit: UUID, put: Callable[..., TestResponse]):
    assert put(visit, b"x" * 11, 0, 10).get_json()["code"] == "photo.length"


def test_another_site_cannot_send_one(app: Flask, visit: UUID):
    answer = FlaskClient(app, app.response_class, use_cookies=False).put(
        f"/tablet/visits/{visit}/photos/{HASH}?offset=0&of=1",
        data=b"x",
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403


# --- by programs ------------------------------------------------------------------------------------------


def test_a_program_sends_a_photo_once(store: Store, as_program: Callable[..., Program]):
    sam = as_program("sam")
    visit = send(store, photos=listing(HASH))
    path = f"/visits/{visit}/photos/{HASH}"
    first = sam.ask("PUT", path, data=ONE, content_type="image/jpeg")
    assert first.status_code == 201
    receipt = first.get_json()
    assert (receipt["item"], receipt["sha256"]) == ("tidy", HASH)
    assert receipt["received_at"] == "2026-10-15T09:30:00Z"
    again = sam.ask("PUT", path, data=ONE, content_type="image/jpeg")
    assert (again.status_code, again.get_json()) == (200, receipt)


def test_who_may_send_a_photo_is_who_may_send_or_correct_the_visit(
    store: Store, as_program: Callable[..., Program]
):
    visit = send(store, photos=listing(HASH))
    path = f"/visits/{visit}/photos/{HASH}"
    found = {
        name: as_program(name).ask("PUT", path, data=b"x", content_type="image/png").status_code
        for name in ("sam", "rea", "ada", "mara", "lee", "bo", "eve")
    }
    assert found == {"sam": 422, "rea": 422, "ada": 422, "mara": 403, "lee": 403, "bo": 404, "eve": 404}
    scoped = as_program("ada", "visits:read").ask("PUT", path, data=ONE, content_type="image/jpeg")
    assert scoped.status_code == 403


def test_a_program_hears_what_is_wrong(store: Store, as_program: Callable[..., Program]):
    sam = as_program("sam")
    visit = send(store, photos=listing(HASH))

    def sent(data: bytes, sent_hash: str = HASH, kind: str = "image/jpeg") -> tuple[int, str]:
        answer = sam.ask("PUT", f"/visits/{visit}/photos/{sent_hash}", data=data, content_type=kind)
        return answer.status_code, answer.get_json()["code"]

    assert sent(OTHER) == (422, "photo.other_hash")
    assert sent(ONE, "cd" * 32) == (404, "photo.unlisted")
    assert sent(ONE, kind="application/json") == (415, "body.kind")
    assert sent(bytes(9 * KIB * KIB)) == (413, "body.too_large")


# --- seen -------------------------------------------------------------------------------------------------


def kept(store: Store, visit: UUID, given: bytes = ONE) -> str:
    """Keep a picture of the visit; its address."""
    sent_hash = sha256(given).hexdigest()
    keep_photo(store, visit, sent_hash, given, by=None, now=NOW)
    return f"/visits/{visit}/photos/{sent_hash}"


@pytest.fixture
def browsers(
    as_sam: Browser,
    as_rea: Browser,
    as_ada: Browser,
    as_mara: Browser,
    as_bo: Browser,
    as_eve: Browser,
    as_lee: Browser,
    client: Browser,
) -> dict[str, Browser]:
    """Everybody's browser."""
    named = {"sam": as_sam, "rea": as_rea, "ada": as_ada, "mara": as_mara, "bo": as_bo}
    return {**named, "eve": as_eve, "lee": as_lee, "nobody": client}


def seen_by(browsers: dict[str, Browser], path: str) -> dict[str, int]:
    return {name: browser.get(path).status_code for name, browser in browsers.items()}


def test_a_photo_is_seen_by_whoever_may_see_the_visit(
    store: Store, visit: UUID, browsers: dict[str, Browser], clock: Clock
):
    path = kept(store, visit)
    assert seen_by(browsers, path) == {
        "sam": 200,
        "rea": 200,
        "ada": 200,
        "mara": 200,
        "bo": 404,
        "eve": 200,
        "lee": 200,
        "nobody": 303,
    }
    assert seen_by(browsers, path + "?size=thumb") == seen_by(browsers, path)
    sid = people.someone(store, "sid@example.org", "Sid Stone", "shopper")
    stranger = signed_in_as(browsers["sam"].application, sid)
    assert stranger.get(path).status_code == 404


def test_the_branch_sees_it_once_it_is_revealed(store: Store, browsers: dict[str, Browser], clock: Clock):
    visit = send(store, photos=listing(HASH), received=NOW)
    path = kept(store, visit)
    assert [browsers[name].get(path).status_code for name in ("mara", "lee", "rea")] == [404, 404, 200]
    clock.pass_by(days=1)
    assert browsers["mara"].get(path).status_code in (200, 303)


def test_it_is_a_jpeg_that_nothing_keeps_and_nothing_runs(store: Store, visit: UUID, as_mara: Browser):
    path = kept(store, visit)
    for address, size in ((path, (300, 200)), (path + "?size=thumb", (300, 200))):
        answer = as_mara.get(address)
        assert answer.mimetype == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"] == 'inline; filename="photo.jpg"'
        assert Image.open(BytesIO(answer.data)).size == size
    assert as_mara.get(path + "?size=huge").status_code == 404
    assert as_mara.get(f"/visits/{visit}/photos/{OTHER_HASH}").status_code == 404  # has not come


def test_a_picture_that_a_correction_took_out_is_the_offices_alone(
    store: Store, visit: UUID, as_mara: Browser, as_rea: Browser
):
    path = kept(store, visit)
    row = visits.find(store, visit)
    assert row is not None
    body = {
        "id": str(visit),
        "checklist": "shop",
        "version": 1,
        "branch": "B001",
        "visited_at": (NOW - timedelta(days=3)).isoformat(),
        "answers": dict(GOOD),
        "photos": listing(OTHER_HASH),
        "revises": row["hash"],
        "reason": "A person is in the picture.",
    }
    correct_visit(store, row, body, by=people.rea(store).id, now=NOW)
    assert as_mara.get(path).status_code == 404
    assert as_rea.get(path).status_code == 200
    assert path not in as_mara.get(f"/visits/{visit}").text


def test_a_file_that_is_gone_is_said(store: Store, visit: UUID, as_mara: Browser):
    path = kept(store, visit)
    row = photos.find(store, visit, HASH)
    assert row is not None
    photo_files.remove(store, row["stored_hash"])
    assert as_mara.get(path).status_code == 404


# --- on the sheet -----------------------------------------------------------------------------------------


def sheet(browser: Browser, visit: UUID) -> str:
    answer = browser.get(f"/visits/{visit}")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("who", ["mara", "rea", "eve", "lee"])
def test_the_sheet_shows_it_at_its_question(
    store: Store, visit: UUID, browsers: dict[str, Browser], who: str
):
    path = kept(store, visit)
    page = sheet(browsers[who], visit)
    row = page[page.index('id="a-tidy"') : page.index('id="a-greeting_time"')]
    assert f'href="{path}"' in row and f'src="{path}?size=thumb"' in row
    assert "of 2: The shop was tidy." in row and 'alt="Photo ' in row
    assert words(row).count("This photo has not come yet") == 1
    assert page.count("?size=thumb") == 1


def test_a_photo_question_shows_its_photos_instead_of_an_answer(store: Store, as_mara: Browser):
    people.sam(store)
    publish_shop(store)
    publish_shop(store, 2, PICTURED)
    visit = send(store, version=2, photos=listing(HASH, item="window"))
    kept(store, visit)
    page = sheet(as_mara, visit)
    row = page[page.index('id="a-window"') :]
    row = row[: row.index("</tr>")]
    assert "?size=thumb" in row and "not answered" not in row


def test_a_visit_that_was_not_completed_shows_its_photos_too(store: Store, as_mara: Browser):
    closed = {"outcome": "closed", "reason": "A note on the door.", "answers": {}}
    visit = send(store, photos=listing(HASH), **closed)
    path = kept(store, visit)
    assert f"{path}?size=thumb" in sheet(as_mara, visit)


# --- missed -----------------------------------------------------------------------------------------------


def test_photos_that_do_not_come_in_a_week_are_noted(store: Store, as_rea: Browser, clock: Clock):
    early, whole = send(store, photos=listing(HASH, OTHER_HASH)), send(store, photos=listing(HASH))
    kept(store, whole)
    said = "Photos that have not come for a week: 2."
    assert str(early) not in as_rea.get("/review?show=photos").text
    assert said not in words(sheet(as_rea, early))
    # Received two days before NOW; a session ends before a week is over, so the visit is made older instead.
    with store.write():
        store.db.execute("UPDATE visit SET received_at = received_at - 6 * 86400")
    page = as_rea.get("/review?show=photos").text
    assert str(early) in page and str(whole) not in page
    assert said in words(page)
    assert said in words(as_rea.get("/review").text)
    assert said in words(sheet(as_rea, early))
    kept(store, early)
    kept(store, early, OTHER)
    assert str(early) not in as_rea.get("/review?show=photos").text


def test_the_branch_hears_nothing_of_it(store: Store, as_mara: Browser):
    visit = send(store, photos=listing(HASH))
    with store.write():
        store.db.execute("UPDATE visit SET received_at = received_at - 6 * 86400")
    page = words(sheet(as_mara, visit))
    assert "This photo has not come yet" in page and "for a week" not in page
