"""What a newcomer does first, with the mouse, with the keyboard only, and with somebody else at the same case."""

from __future__ import annotations

from typing import Any

from .conftest import Sit, axe


class Acts:
    """Counts what a person does, and that each act is offered by a label that can be seen on the page before it."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def press(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()
        self.count += 1

    def choose(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).check()
        self.count += 1

    def pick(self, label: str, value: str) -> None:
        self.page.get_by_label(label, exact=True).select_option(value)
        self.count += 1

    def write(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=True).fill(words)
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


def test_from_the_first_page_to_a_handover_accepted_by_another_desk_in_twelve_acts(sit: Sit) -> None:
    page = sit("Call handler, POL")
    acts = Acts(page)
    acts.count += 1  # sitting down
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


def test_without_javascript_a_call_is_taken_and_decided(sit: Sit) -> None:
    page = sit("Call handler, POL", java_script_enabled=False)
    page.get_by_role("button", name="Take a contact").click()
    page.get_by_role("button", name="999 call").click()
    page.get_by_label("Means to do it now: a plan, means or a goodbye", exact=True).check()
    page.get_by_role("button", name="Write down the answers").click()
    assert "Immediate response" in page.inner_text("#concluded")
    page.get_by_role("button", name="Decide", exact=True).click()
    assert "Decided: class 5" in page.inner_text("main")


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
