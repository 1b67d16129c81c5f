"""With the keyboard only: every control can be reached, the focus is seen and not covered, a fault takes the focus, and
a call goes from its first second to a handover that another desk accepted without a mouse."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Matter, Sit, axe
from .pages import PAGES, address_of

#: More stops than any page has.
MOST_STOPS = 400

#: What has the focus: whether it can be seen (WCAG 2.2, 2.4.7), whether something covers it (2.4.11), and who it is.
LOOKED_AT = """() => {
  const e = document.activeElement
  if (!e || e === document.body) return null
  // A radio lies invisible over its label, which shows the focus for it.
  const shown = e.matches('.desk-choice input') ? e.nextElementSibling : e
  const box = shown.getBoundingClientRect()
  const style = getComputedStyle(shown)
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  const at = (x, y) => document.elementFromPoint(x, y)
  const x = Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 1), innerWidth - 2)
  const y = Math.min(Math.max(box.top + Math.min(box.height, 24) / 2, 1), innerHeight - 2)
  const hit = at(x, y)
  const family = (a, b) => a === b || a.contains(b) || b.contains(a)
  return {
    who: e.outerHTML.slice(0, 140),
    text: e.labels?.[0]?.innerText || e.innerText || '',
    seen: (outlined || style.boxShadow !== 'none') && box.width > 0 && box.height > 0,
    covered: !hit || !(family(shown, hit) || family(e, hit)),
  }
}"""


def stops(page: Any) -> list[dict[str, Any]]:
    """Every stop of the Tab key on this page, in order, once round."""
    found: list[dict[str, Any]] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(LOOKED_AT)
        if stop is None:
            return found
        if found and page.evaluate("document.activeElement === window.firstStop"):
            return found
        if not found:
            page.evaluate("window.firstStop = document.activeElement")
        found.append(stop)
    raise AssertionError(f"the Tab key does not come to an end on {page.url}")


@pytest.mark.parametrize("name", ["worklist", "begin", "contact", "case", "offer", "board", "people"])
def test_the_focus_is_seen_and_nothing_covers_it(sit: Sit, address: str, matter: Matter, name: str) -> None:
    page = sit(PAGES[name].seat or "")
    page.goto(f"{address}{address_of(name, matter)}")
    walked = stops(page)
    reachable = page.evaluate(
        "() => [...document.querySelectorAll('main a[href], main button')]"
        ".filter(e => !e.closest('details:not([open])')).length"
    )
    assert len(walked) >= reachable
    assert walked[0]["text"] == "Skip to main content"
    unseen = [stop["who"] for stop in walked if not stop["seen"]]
    assert not unseen, f"the focus is not seen on {unseen[:3]}"
    covered = [stop["who"] for stop in walked if stop["covered"]]
    assert not covered, f"something lies over {covered[:3]}"


class Keys:
    """A person without a mouse: Tab until what is wanted has the focus, then a key."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, wanted: str) -> None:
        """Tab until the focus is on what this label names."""
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(LOOKED_AT)
            if stop is not None and stop["text"].strip() == wanted:
                return
        raise AssertionError(f"the focus never reached {wanted!r} on {self.page.url}")

    def press(self, wanted: str, key: str = "Enter") -> None:
        """Go there and press."""
        self.to(wanted)
        self.page.keyboard.press(key)

    def lands(self, text: str) -> None:
        """Wait for the page that says this."""
        self.page.locator("main", has_text=text).first.wait_for()


def test_a_handover_from_the_first_second_to_the_acceptance_without_a_mouse(sit: Sit) -> None:
    page = sit("Call handler, POL")
    one = Keys(page)
    one.press("Take a contact")
    one.lands("How did it reach us?")
    one.press("999 call")
    one.lands("What has to be asked")
    label = "Has acted or is acting: overdose, ligature, wound, height, water, rail"
    first = page.get_by_label(label, exact=True)
    group = first.get_attribute("name")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == group:
            break
    for _ in range(20):
        if first.is_checked():
            break
        page.keyboard.press("ArrowDown")
    page.locator("#concluded", has_text="joint response").wait_for()
    one.press("Decide")
    one.lands("Decided")
    one.press("A control room hands the case to the service that goes")
    one.lands("What do they need to know to take it?")
    one.to("To")
    page.keyboard.type("East Wexmoor")
    assert page.get_by_label("To", exact=True).input_value() == "AMB-east"
    one.to("What is asked for")
    page.keyboard.type("She has taken tablets and is drowsy: take her")
    button = page.locator("button", has_text="Offer case").inner_text()
    one.press(button)
    one.lands("Offered. You hold the case until they accept")
    reference = button.removeprefix("Offer case ")
    other = sit("Dispatcher, AMB-east")
    two = Keys(other)
    two.press(f"Accept {reference} from POL")
    two.lands("what was offered is yours now")


def test_a_fault_takes_the_focus_and_says_what_is_wrong(sit: Sit, address: str) -> None:
    page = sit("Supervisor, POL")
    page.goto(f"{address}/glass/")
    page.locator("main form button").first.click()
    page.locator(".govuk-error-summary").wait_for()
    assert page.evaluate("document.activeElement.classList.contains('govuk-error-summary')")
    assert page.title().startswith("Error:")
    axe(page)


def test_a_newcomer_skips_to_the_content(sit: Sit) -> None:
    page = sit("Call handler, POL")
    page.wait_for_load_state("load")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'main'")
