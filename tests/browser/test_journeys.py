"""What a newcomer does first, with the mouse, with the keyboard only, and with somebody else at the same case."""

from __future__ import annotations

from typing import Any

from .conftest import Sit, axe


class Acts:
    """Counts what a person does, and sees that each act is offered by a label on the page before it: one that can be
    read there, not one that only a program finds."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def press(self, role: str, name: str) -> None:
        """A button or a link."""
        wanted = self.page.get_by_role(role, name=name, exact=True).first
        wanted.wait_for()
        assert " ".join(wanted.inner_text().split()) == name, f"the {role} {name!r} shows {wanted.inner_text()!r}"
        self._offered(wanted)
        wanted.click()

    def choose(self, label: str) -> None:
        """A radio or a box."""
        self._labelled(label).check()

    def pick(self, label: str, value: str) -> None:
        """One of a list."""
        self._labelled(label).select_option(value)

    def write(self, label: str, words: str) -> None:
        """Into a field."""
        self._labelled(label).fill(words)

    def _labelled(self, label: str) -> Any:
        field = self.page.get_by_label(label, exact=True)
        self._offered(self.page.locator(f"label[for='{field.get_attribute('id')}']"))
        return field

    def _offered(self, shown: Any) -> None:
        box = shown.bounding_box()
        assert shown.is_visible(), f"not visible on {self.page.url}"
        assert box["width"] > 10, "hidden from the eye"
        assert box["height"] > 10, "hidden from the eye"
        self.count += 1


def offer(acts: Acts) -> str:
    """From the worklist to an offer to the ambulance service; the case's reference."""
    acts.press("button", "Take a contact")
    acts.press("button", "999 call")
    acts.choose("Has acted or is acting: overdose, ligature, wound, height, water, rail")
    acts.page.locator("#concluded", has_text="joint response").wait_for()
    acts.press("button", "Decide")
    acts.press("link", "A control room hands the case to the service that goes")
    acts.pick("To", "AMB-east")
    acts.write("What is asked for", "She has taken tablets and is drowsy: take her")
    reference = str(acts.page.locator("button", has_text="Offer case").inner_text()).removeprefix("Offer case ")
    acts.press("button", f"Offer case {reference}")
    return reference


def test_from_the_first_page_to_a_handover_accepted_by_another_desk_in_twelve_acts(opening: Any, address: str) -> None:
    from django.core.cache import cache

    cache.clear()  # as in ``sit``
    page = opening()
    page.goto(f"{address}/")  # the address that the demonstration prints
    acts = Acts(page)
    acts.press("button", "Sit down as Call handler, POL")
    reference = offer(acts)
    acts.press("link", "Sit at another desk")
    acts.press("button", "Sit down as Dispatcher, AMB-east")
    acts.press("button", f"Accept {reference} from POL")
    assert "what was offered is yours now" in page.inner_text("main")
    assert acts.count <= 12, acts.count


def test_the_other_desk_accepts_with_the_keyboard_only(sit: Sit) -> None:
    reference = offer(Acts(sit("Call handler, POL")))
    page = sit("Dispatcher, AMB-east")
    wanted = f"Accept {reference} from POL"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == wanted:
            break
    else:
        raise AssertionError("the focus never reached the button")
    page.keyboard.press("Enter")
    page.locator("main", has_text="what was offered is yours now").wait_for()


def test_two_people_act_on_one_case_at_once_and_the_second_reads_what_changed(sit: Sit) -> None:
    reference = offer(Acts(sit("Call handler, POL")))
    one, two = sit("Dispatcher, AMB-east"), sit("Clinical lead, AMB-east")
    for page in (one, two):
        page.get_by_role("button", name=f"Accept {reference} from POL").wait_for()
        page.evaluate("localStorage.setItem('desk-paused', 'yes')")
    one.get_by_role("button", name=f"Accept {reference} from POL").click()
    one.locator("main", has_text="what was offered is yours now").wait_for()
    two.get_by_role("button", name=f"Accept {reference} from POL").click()
    two.locator(".govuk-error-summary", has_text="AMB-east holds the case").wait_for()
    axe(two)


def test_without_javascript_a_call_is_taken_decided_handed_over_and_accepted(sit: Sit) -> None:
    page = sit("Call handler, POL", java_script_enabled=False)
    page.get_by_role("button", name="Take a contact").click()
    page.get_by_role("button", name="999 call").click()
    page.get_by_label("Means to do it now: a plan, means or a goodbye", exact=True).check()
    page.get_by_role("button", name="Write down the answers").click()
    assert "Immediate response" in page.inner_text("#concluded")
    page.get_by_role("button", name="Decide", exact=True).click()
    assert "Decided: class 5" in page.inner_text("main")
    acts = Acts(page)
    acts.press("link", "A control room hands the case to the service that goes")
    acts.pick("To", "AMB-east")
    acts.write("What is asked for", "She says goodbye: take her")
    button = page.locator("button", has_text="Offer case").inner_text()
    acts.press("button", button)
    other = Acts(sit("Dispatcher, AMB-east", java_script_enabled=False))
    other.press("button", f"Accept {button.removeprefix('Offer case ')} from POL")
    assert "what was offered is yours now" in other.page.inner_text("main")


def test_an_offer_appears_on_the_other_worklist_by_itself_unless_it_is_paused(sit: Sit) -> None:
    waiting = sit("Dispatcher, AMB-east")
    reference = offer(Acts(sit("Call handler, POL")))
    waiting.get_by_role("button", name=f"Accept {reference} from POL").wait_for()
    waiting.get_by_role("button", name="Pause updates").click()
    second = offer(Acts(sit("Call handler, POL")))
    waiting.wait_for_timeout(6000)
    assert waiting.get_by_role("button", name=f"Accept {second} from POL").count() == 0
    waiting.get_by_role("button", name="Go on updating").click()
    waiting.get_by_role("button", name=f"Accept {second} from POL").wait_for()
