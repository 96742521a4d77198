"""Photos: small, upright, silent of where they come from, without faces. A stand-in keeps the bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage, begin_visit
from tests.browser.site import PHONE, Site
from tests.browser.test_visit import NAMELESS, SMALL
from tests.picturing import picture
from tests.web.shopping import EVERY_KIND, publish

pytestmark = pytest.mark.browser

HEAVIEST = 700_000
ANOTHER = "      - {id: other, type: photo, required: false, text: {en: Another picture, fi: Toinen kuva}}\n"
RED, BLUE = (200, 30, 30), (30, 30, 200)

MOUNT = """async (address) => {
  document.querySelector("form#visit").outerHTML = await (await fetch(address)).text();
  const form = document.querySelector("form#visit");
  const own = document.querySelector('script[src*="/s/"]').src;
  const { mountPhotos } = await import(own.replace(/[^/]+$/, "photos.js"));
  const kept = new Map();
  const photos = {
    async add(item, bytes, thumb) {
      if (window.full) throw new DOMException("full", "QuotaExceededError");
      const hash = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))];
      const sha256 = hash.map((byte) => byte.toString(16).padStart(2, "0")).join("");
      kept.set(sha256, { bytes, thumb });
      return sha256;
    },
    remove: (sha256) => { kept.delete(sha256); },
    thumb: async (sha256) => kept.get(sha256)?.thumb ?? null,
  };
  const letter = (byte) => String.fromCharCode(byte);
  const text = (bytes) => btoa(Array.from(new Uint8Array(bytes), letter).join(""));
  window.changes = 0;
  window.keptHashes = () => [...kept.keys()];
  window.bytesOf = (sha256, what) => text(kept.get(sha256)[what]);
  window.mounted = mountPhotos(form, {
    words: JSON.parse(form.dataset.words), photos, zone: "Europe/Helsinki",
    changed: () => { window.changes += 1; },
  });
}"""

OpenForm = Callable[..., Page]


@pytest.fixture
def open_form(open_page: OpenPage, site: Site) -> OpenForm:
    """Opens a tablet's empty form whose photo question is as `rule` says; `more` are items after it."""

    def open_(name: str, rule: str = "", more: str = "", **options: Any) -> Page:
        store = site.store()
        item = "{id: picture, type: photo, required: false,"
        assert item in EVERY_KIND
        source = EVERY_KIND.replace("id: every_kind", f"id: {name}").replace(item, f"{item} {rule}")
        publish(store, source + more)
        store.close()
        page = open_page(**options)
        begin_visit(page)
        page.evaluate(MOUNT, f"/tablet/forms/en/{name}/1/named")
        return page

    return open_


def jpeg(image: Image.Image, **more: Any) -> bytes:
    written = BytesIO()
    image.save(written, "JPEG", **more)
    return written.getvalue()


def choose(
    page: Page,
    *files: bytes,
    way: str = "camera",
    name: str = "a.jpg",
    kind: str = "image/jpeg",
    item: str = "picture",
) -> None:
    given = [{"name": name, "mimeType": kind, "buffer": file} for file in files]
    page.locator(f"#q-{item} [data-take={way}]").set_input_files(given)  # type: ignore[arg-type]


def use(page: Page) -> None:
    page.get_by_role("button", name="Use the photo").click()


def listed(page: Page) -> list[dict[str, Any]]:
    return list(json.loads(page.locator("form#visit [name=photos]").input_value() or "[]"))


def kept(page: Page, number: int = 0, what: str = "bytes") -> bytes:
    """The bytes behind the n-th photo of the list."""
    return base64.b64decode(
        page.evaluate("([n, w]) => bytesOf(n, w)", [listed(page)[number]["sha256"], what])
    )


def nameless(page: Page) -> list[str]:
    """Controls without a name; the bar's button gets its name from the times, which are not mounted here."""
    return [one for one in page.evaluate(NAMELESS) if "data-running" not in one]


def pictures(page: Page) -> Any:
    return page.locator("[data-photos] li")


def test_a_photo_is_upright_small_and_says_nothing_of_its_camera(open_form: OpenForm):
    page = open_form("upright")
    image = Image.new("RGB", (4000, 3000), RED)
    image.paste(BLUE, (0, 0, 2000, 3000))  # blue at the left as stored: at the top once it is turned by 90°
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret camera"
    choose(page, jpeg(image, exif=exif))
    use(page)
    expect(pictures(page)).to_have_count(1)
    found = kept(page)
    assert hashlib.sha256(found).hexdigest() == listed(page)[0]["sha256"]
    assert listed(page) == [{"item": "picture", "sha256": listed(page)[0]["sha256"]}]
    opened = Image.open(BytesIO(found))
    assert (opened.format, opened.size) == ("JPEG", (1200, 1600))
    assert not opened.getexif() and b"Secret" not in found
    top, bottom = opened.getpixel((600, 100)), opened.getpixel((600, 1500))
    assert isinstance(top, tuple) and isinstance(bottom, tuple)
    assert top[2] > 150 > top[0] and bottom[0] > 150 > bottom[2]
    assert max(Image.open(BytesIO(kept(page, what="thumb"))).size) == 240
    expect(page.get_by_alt_text("Photo 1: A picture of the place")).to_be_visible()
    assert page.evaluate("window.changes") == 1


def test_even_noise_stays_below_the_limit(open_form: OpenForm):
    page = open_form("noise")
    choose(page, picture(4000, 3000, noise=True, quality=60))
    use(page)
    expect(pictures(page)).to_have_count(1)
    assert 100_000 < len(kept(page)) <= HEAVIEST


def test_what_is_painted_over_is_gone(open_form: OpenForm):
    page = open_form("painted")
    stripes = Image.new("RGB", (800, 600), "white")
    for x in range(0, 800, 4):
        stripes.paste("black", (x, 0, x + 2, 600))
    choose(page, jpeg(stripes, quality=95))
    view = page.locator("dialog canvas")
    expect(view).to_be_visible()
    box = view.bounding_box()
    assert box
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] + 5, middle[1])
    page.mouse.up()
    page.get_by_role("button", name="Undo the last blur").click()
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.up()
    use(page)
    expect(pictures(page)).to_have_count(1)
    found = Image.open(BytesIO(kept(page))).convert("L")

    def contrast(left: int) -> int:
        low, high = found.crop((left, 295, left + 16, 305)).getextrema()
        return int(high) - int(low)  # type: ignore[arg-type]

    assert contrast(392) < 60, "the middle is blurred"
    assert contrast(40) > 120, "the rest is not"


def test_squares_are_blurred_by_keyboard(open_form: OpenForm):
    page = open_form("squares")
    stripes = Image.new("RGB", (800, 600), "white")
    for x in range(0, 800, 4):
        stripes.paste("black", (x, 0, x + 2, 600))
    choose(page, jpeg(stripes, quality=95))
    page.get_by_role("button", name="Blur by squares").press("Enter")
    first = page.get_by_role("button", name="Row 1, column 1", exact=True)
    expect(first).to_be_focused()
    page.keyboard.press("ArrowRight")
    second = page.get_by_role("button", name="Row 1, column 2", exact=True)
    expect(second).to_be_focused()
    page.keyboard.press("Space")
    expect(second).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    expect(second).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    assert nameless(page) == []
    page.get_by_role("button", name="Use the photo").press("Enter")
    expect(pictures(page)).to_have_count(1)
    found = Image.open(BytesIO(kept(page))).convert("L")
    low, high = found.crop((20, 20, 36, 30)).getextrema()
    assert int(high) - int(low) < 60  # type: ignore[arg-type]


def test_squares_follow_when_the_tablet_is_turned(open_form: OpenForm):
    """Each can be hit, what was blurred stays so, and the focus is where it was on the picture."""
    page = open_form("turned", viewport={"width": 1000, "height": 700})
    stripes = Image.new("RGB", (800, 600), "white")
    for x in range(0, 800, 4):
        stripes.paste("black", (x, 0, x + 2, 600))
    choose(page, jpeg(stripes, quality=95))
    page.get_by_role("button", name="Blur by squares").click()
    first = page.get_by_role("button", name="Row 1, column 1", exact=True)
    cells = page.locator(".cells button")
    before = cells.count()
    first.click()
    page.set_viewport_size({"width": 320, "height": 700})
    expect(cells).not_to_have_count(before)
    assert page.evaluate(SMALL, 48) == []
    expect(first).to_be_focused()
    expect(first).to_have_attribute("aria-pressed", "false")  # a larger one, of which a part is blurred
    cells.last.focus()
    page.set_viewport_size({"width": 1000, "height": 700})
    expect(cells).to_have_count(before)
    focused = page.locator(".cells button:focus")
    expect(focused).to_have_attribute("aria-label", re.compile("Row [56], column [78]"))
    expect(first).to_have_attribute("aria-pressed", "true")
    use(page)
    expect(pictures(page)).to_have_count(1)
    found = Image.open(BytesIO(kept(page))).convert("L")
    low, high = found.crop((20, 20, 36, 30)).getextrema()
    assert int(high) - int(low) < 60  # type: ignore[arg-type]


def test_retaking_and_leaving_keep_nothing(open_form: OpenForm):
    page = open_form("retaken")
    choose(page, picture())
    with page.expect_file_chooser():
        page.get_by_role("button", name="Take another one").click()
    choose(page, picture())
    page.get_by_role("button", name="Use none").click()
    choose(page, picture())
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert listed(page) == [] and page.evaluate("keptHashes()") == []


def test_a_removed_photo_can_be_had_back(open_form: OpenForm):
    page = open_form("removed")
    choose(page, picture(colour=RED), picture(colour=BLUE), way="gallery")
    use(page)
    expect(pictures(page)).to_have_count(1)
    use(page)
    expect(pictures(page)).to_have_count(2)
    before = listed(page)
    page.get_by_role("button", name="Remove: Photo 1").click()
    expect(pictures(page)).to_have_count(1)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(pictures(page)).to_have_count(2)
    assert listed(page) == before
    page.get_by_role("button", name="Remove: Photo 1").click()
    page.get_by_role("button", name="Remove: Photo 1").click()
    assert page.evaluate("keptHashes()") == [before[1]["sha256"]]  # one is gone for good, one can come back
    page.evaluate("mounted.settle()")
    assert page.evaluate("keptHashes()") == [] and listed(page) == []


def test_a_removed_photo_that_comes_back_drives_out_none(open_form: OpenForm):
    page = open_form("since", more=ANOTHER)
    choose(page, picture(colour=RED), item="picture")
    use(page)
    expect(pictures(page)).to_have_count(1)
    page.get_by_role("button", name="Remove: Photo 1").click()
    choose(page, picture(colour=BLUE), item="other")
    use(page)
    expect(pictures(page)).to_have_count(1)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(pictures(page)).to_have_count(2)
    assert [photo["item"] for photo in listed(page)] == ["picture", "other"]


def test_a_photo_waits_for_the_one_before(open_form: OpenForm):
    """Two chosen one right after the other: each is looked at by itself and stays with its question."""
    page = open_form("both", more=ANOTHER)
    choose(page, jpeg(Image.new("RGB", (3000, 2000), RED)), item="picture")
    choose(page, picture(colour=BLUE), item="other")
    for number, item in enumerate(["picture", "other"]):
        use(page)
        expect(page.locator(f"#q-{item} [data-photos] li")).to_have_count(1)
        assert [photo["item"] for photo in listed(page)][number] == item
    red, blue = (Image.open(BytesIO(kept(page, number))).getpixel((9, 9)) for number in (0, 1))
    assert red[0] > 150 > blue[0]


def test_no_more_than_the_item_takes_and_no_gallery_where_it_is_off(open_form: OpenForm):
    page = open_form("strict", "gallery: false, most: 2,")
    expect(page.locator("[data-take=gallery]")).to_have_count(0)
    hint = page.locator("#p-picture")
    expect(hint).to_contain_text("No people in the picture. Can be left open. At most: 2.")
    for n in range(2):
        choose(page, picture(colour=(n * 90, 90, 90)))
        use(page)
        expect(pictures(page)).to_have_count(n + 1)
    expect(page.locator("[data-take=camera]")).to_be_disabled()


def test_place_and_time_are_kept_only_where_the_item_asks(open_form: OpenForm):
    here = {"latitude": 60.16991, "longitude": 24.93841, "accuracy": 12}
    page = open_form("placed", "keep: [time, place],", geolocation=here, permissions=["geolocation"])
    choose(page, picture())
    use(page)
    expect(pictures(page)).to_have_count(1)
    (entry,) = listed(page)
    assert entry["place"] == {"lat": "60.1699", "lon": "24.9384", "accuracy_m": 12}
    assert entry["taken_at"].endswith("+03:00") or entry["taken_at"].endswith("+02:00")


def test_what_is_no_picture_and_what_cannot_be_kept_is_said(open_form: OpenForm):
    page = open_form("unread")
    said = page.locator("#q-picture [data-said]")
    choose(page, b"%PDF-1.7 nothing to see", name="a.pdf", kind="application/pdf")
    expect(said).to_contain_text("This picture cannot be read.")
    page.evaluate("window.full = true")
    choose(page, picture())
    use(page)
    expect(said).to_contain_text("could not be kept on this device")
    assert listed(page) == []


@pytest.mark.parametrize("width", [320, 820])
def test_everything_fits_and_can_be_hit(open_form: OpenForm, width: int):
    page = open_form(f"fits_{width}", viewport={**PHONE, "width": width})
    choose(page, picture(800, 600))
    use(page)
    choose(page, picture(600, 800))
    page.get_by_role("button", name="Blur by squares").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL, 48) == []
    assert nameless(page) == []
