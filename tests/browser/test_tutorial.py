"""The tutorial at the desk, done step by step: what it names is there, and its pictures are of pages like these.

SAFEHANDS_PICTURES=write pytest tests/browser/test_tutorial.py      take the pictures again; then look at each
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from base64 import b64decode, b64encode
from typing import Any

import pytest

from .conftest import ROOT

TUTORIAL = ROOT / "docs" / "tutorials" / "at-the-desk.md"
PICTURES = TUTORIAL.parent / "images"
WRITE = os.environ.get("SAFEHANDS_PICTURES") == "write"
SIZE = (1366, 768)
LARGEST = 150_000

#: The 256 colours that most of the picture has, and for each pixel which of them is nearest.
NEAREST = """async (png) => {
  const image = new Image()
  image.src = `data:image/png;base64,${png}`
  await image.decode()
  const canvas = new OffscreenCanvas(image.width, image.height)
  const drawing = canvas.getContext('2d')
  drawing.drawImage(image, 0, 0)
  const all = drawing.getImageData(0, 0, image.width, image.height).data
  const times = new Map()
  const at = (n) => all[n] * 65536 + all[n + 1] * 256 + all[n + 2]
  for (let n = 0; n < all.length; n += 4) times.set(at(n), (times.get(at(n)) || 0) + 1)
  const kept = [...times].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour)
  const parts = (c) => [c >> 16, (c >> 8) & 255, c & 255]
  const apart = (a, b) => parts(a).reduce((sum, part, n) => sum + (part - parts(b)[n]) ** 2, 0)
  const nearest = new Map(kept.map((colour, n) => [colour, n]))
  for (const colour of times.keys()) {
    if (nearest.has(colour)) continue
    let best = 0
    for (let n = 1; n < kept.length; n++) if (apart(colour, kept[n]) < apart(colour, kept[best])) best = n
    nearest.set(colour, best)
  }
  const pixels = []
  for (let n = 0; n < all.length; n += 4) pixels.push(String.fromCharCode(nearest.get(at(n))))
  return [kept.map(parts).flat(), btoa(pixels.join(''))]
}"""


def parts() -> dict[str, list[str]]:
    """For each picture what the text says in bold, from its heading to the next: texts of that page or the one
    before."""
    found = {}
    for section in re.split(r"(?m)^## ", TUTORIAL.read_text("utf-8"))[1:]:
        for name in re.findall(r"\(images/([\w-]+)\.png\)", section):
            found[name] = [" ".join(each.split()) for each in re.findall(r"\*\*(.+?)\*\*", section, flags=re.DOTALL)]
    return found


class Walk:
    """Somebody who follows the tutorial: at each picture everything that the text names has been seen by then."""

    def __init__(self, page: Any) -> None:
        self.page, self.seen, self.taken = page, "", []

    def looks(self) -> None:
        """Remember what this page says."""
        self.seen += " " + " ".join(self.page.inner_text("body").split())

    def picture(self, name: str) -> None:
        """Take the picture of this page, or compare the one that was taken."""
        self.looks()
        self.page.evaluate("window.scrollTo(0, 0)")
        shot = self.page.screenshot()
        self.taken.append(name)
        if WRITE:
            (PICTURES / f"{name}.png").write_bytes(smaller(self.page.context, shot))
        assert size_of(shot) == SIZE
        assert len(shot) > 15_000, "the page is blank"

    def on(self, role: str, name: str) -> None:
        """Press what the tutorial says."""
        self.looks()
        self.page.get_by_role(role, name=name, exact=True).first.click()


def size_of(png: bytes) -> tuple[int, ...]:
    """Width and height, from the header."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", png[16:24])


def smaller(context: Any, png: bytes) -> bytes:
    """The same picture in 256 colours: letters have hundreds of shades at their edges, and nobody sees them."""
    page = context.new_page()
    colours, indices = page.evaluate(NEAREST, b64encode(png).decode())
    page.close()
    pixels = b64decode(indices)
    width, height = SIZE
    lines = b"".join(b"\0" + pixels[row * width : (row + 1) * width] for row in range(height))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(colours)),
        (b"IDAT", zlib.compress(lines, 9)),
        (b"IEND", b""),
    )
    made = b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + made


@pytest.fixture
def walked(opening: Any, address: str) -> Walk:
    """The whole tutorial."""
    from django.core.cache import cache

    cache.clear()  # as in ``sit``
    page = opening()
    walk = Walk(page)
    page.goto(f"{address}/")
    walk.picture("1-entrance")
    walk.on("button", "Sit down as Call handler, POL")
    walk.looks()
    page.get_by_text("Take a contact", exact=True).first.click()
    walk.picture("2-take-a-contact")
    walk.on("button", "999 call")
    page.get_by_label("Has acted or is acting: overdose, ligature, wound, height, water, rail", exact=True).check()
    page.locator("#concluded", has_text="joint response").wait_for()
    walk.picture("3-the-call")
    walk.on("button", "Decide")
    walk.on("link", "A control room hands the case to the service that goes")
    page.get_by_label("To", exact=True).select_option("AMB-east")
    page.get_by_label("What is asked for", exact=True).fill("She has taken tablets and is drowsy: take her")
    walk.picture("4-the-offer")
    button = page.locator("button", has_text="Offer case").inner_text()
    walk.on("button", button)
    reference = button.removeprefix("Offer case ")
    walk.picture("5-still-yours")
    walk.on("link", "Sit at another desk")
    walk.on("button", "Sit down as Dispatcher, AMB-east")
    walk.picture("6-the-other-desk")
    walk.on("button", f"Accept {reference} from POL")
    walk.on("link", reference)
    walk.picture("7-accepted")
    walk.on("link", "Sit at another desk")
    walk.on("button", "Sit down as Supervisor, POL")
    walk.on("link", "Board")
    page.get_by_role("button", name="Pause updates").wait_for()
    walk.picture("8-the-board")
    return walk


def test_everything_that_the_tutorial_names_is_there(walked: Walk) -> None:
    named = parts()
    assert walked.taken == list(named)
    missing = [text for texts in named.values() for text in texts if text not in walked.seen]
    assert not missing, f"named in {TUTORIAL.name} and on none of its pages: {missing}"


def test_the_pictures_are_there_small_and_of_the_right_size() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == set(parts())
    for path in sorted(PICTURES.glob("*.png")):
        picture = path.read_bytes()
        assert size_of(picture) == SIZE, path.name
        assert 15_000 < len(picture) < LARGEST, f"{path.name}: {len(picture)} bytes"
