"""A case in a real browser: its pages, two people at once, the board on a wall, a lost connection."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Sit, axe
from .test_journeys import Acts, offer

SECTIONS = ("answers", "decisions", "handovers", "work", "times", "places", "disputes", "people", "record")


@pytest.fixture
def supervisor(sit: Sit) -> Any:
    """A supervisor on the page of a case that was decided, offered and disputed about."""
    page = sit("Supervisor, POL")
    reference = offer(Acts(page))
    page.get_by_role("heading", level=1, name=f"Case {reference}").wait_for()
    return page


def shot(page: Any, name: str) -> None:
    """A picture to look at, where somebody wants one."""
    import os

    if folder := os.environ.get("SAFEHANDS_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def test_axe_finds_nothing_on_any_page_of_a_case_and_each_answers_above_the_fold(supervisor: Any) -> None:
    address = supervisor.url
    supervisor.goto(address)
    shot(supervisor, "now")
    axe(supervisor)
    assert supervisor.get_by_role("heading", name="What happens next").bounding_box()["y"] < 700
    for section in SECTIONS:
        supervisor.goto(f"{address}{section}/")
        shot(supervisor, section)
        axe(supervisor)
        assert supervisor.locator(".desk-question").bounding_box()["y"] < 300
        for each in supervisor.locator("details.desk-do > summary").all():
            each.click()
        axe(supervisor)


CONTRAST = """() => {
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    return 0.2126 * x + 0.7152 * y + 0.0722 * z
  }
  const rgb = text => text.match(/[\\d.]+/g).map(Number)
  const ground = at => {
    for (let each = at; each; each = each.parentElement) {
      const found = rgb(getComputedStyle(each).backgroundColor)
      if (found.length < 4 || found[3] > 0) return found.slice(0, 3)
    }
    return [255, 255, 255]
  }
  const low = []
  for (const each of document.querySelectorAll('#live *')) {
    const own = [...each.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
    if (!own || !each.getClientRects().length) continue
    const [a, b] = [light(rgb(getComputedStyle(each).color).slice(0, 3)), light(ground(each))].sort((x, y) => y - x)
    const ratio = (a + 0.05) / (b + 0.05)
    if (ratio < 7) low.push(`${ratio.toFixed(2)} ${each.outerHTML.slice(0, 90)}`)
  }
  return low
}"""


def test_fifteen_cases_stand_on_a_wall_without_scrolling_at_seven_to_one(sit: Sit, address: str) -> None:
    handler = sit("Call handler, POL")
    for _ in range(15):
        handler.goto(f"{address}/contact/")
        handler.get_by_role("button", name="999 call").click()
        handler.get_by_label("Means to do it now: a plan, means or a goodbye", exact=True).check()
        handler.locator("#concluded", has_text="Immediate response").wait_for()
    board = sit("Supervisor, POL")
    board.set_viewport_size({"width": 1920, "height": 1080})
    board.goto(f"{address}/board/")
    rows = board.locator(".desk-board--wall tbody tr")
    assert rows.count() >= 15
    assert rows.nth(14).bounding_box()["y"] + rows.nth(14).bounding_box()["height"] < 1080
    heights = {round(rows.nth(n).bounding_box()["height"]) for n in range(15)}
    assert max(heights) <= 25, heights
    assert min(heights) >= 24, heights
    shot(board, "board")
    assert board.evaluate(CONTRAST) == []
    axe(board)


def test_the_board_says_that_the_connection_is_lost_and_recovers(chromium: Any, address: str) -> None:
    context = chromium.new_context()  # a browser of its own: it complains of the lost connection, as it should
    board = context.new_page()
    board.goto(f"{address}/entrance/")
    board.get_by_role("button", name="Sit down as Supervisor, POL", exact=True).click()
    board.goto(f"{address}/board/")
    lost = board.locator("[data-connection]")
    lost.wait_for(state="hidden")
    context.set_offline(True)
    lost.wait_for(state="visible", timeout=15_000)
    assert "What you see may be old" in lost.inner_text()
    context.set_offline(False)
    lost.wait_for(state="hidden", timeout=15_000)
    context.close()


def test_the_board_announces_what_needs_an_act_once_and_can_be_paused(sit: Sit, address: str) -> None:
    board = sit("Supervisor, POL")
    board.goto(f"{address}/board/")
    said = board.locator("[data-announced]")
    assert "act" in said.inner_text()
    board.evaluate(
        "() => { window.said = 0; new MutationObserver(() => window.said++)"
        ".observe(document.querySelector('[data-announced]'), {childList: true, characterData: true, subtree: true}) }"
    )
    with board.expect_response("**/board/live/"):
        pass
    with board.expect_response("**/board/live/"):
        pass
    assert board.evaluate("window.said") <= 1
    board.get_by_role("button", name="Pause updates").click()
    board.get_by_text("Paused: what you see stands still.").wait_for()
    board.get_by_role("button", name="Go on updating").click()


def test_a_shortcut_with_a_modifier_leads_to_the_offer_and_can_be_switched_off(sit: Sit) -> None:
    reference = offer(Acts(sit("Call handler, POL")))
    desk = sit("Dispatcher, AMB-east")
    desk.locator("[data-accept]").first.wait_for()
    shot(desk, "worklist")
    axe(desk)
    desk.get_by_label("Shortcuts:").uncheck()
    desk.keyboard.press("Alt+Shift+KeyO")
    assert not desk.evaluate("document.activeElement.matches('[data-accept]')")
    desk.get_by_label("Shortcuts:").check()
    desk.keyboard.press("Alt+Shift+KeyO")
    assert desk.evaluate("document.activeElement.matches('[data-accept]')")
    while desk.evaluate("document.activeElement.innerText") != f"Accept {reference} from POL":
        desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.locator("main", has_text="what was offered is yours now").wait_for()


def of_the_case(page: Any, section: str) -> None:
    """Open one of the pages of the case that is on the screen."""
    page.get_by_role("navigation", name="Pages of this case").get_by_role("link", name=section).click()


def test_one_takes_the_offer_back_while_the_other_accepts_and_reads_what_changed(sit: Sit) -> None:
    giver = sit("Call handler, POL")
    reference = offer(Acts(giver))
    taker = sit("Dispatcher, AMB-east")
    accept = taker.get_by_role("button", name=f"Accept {reference} from POL")
    accept.wait_for()
    taker.evaluate("localStorage.setItem('desk-paused', 'yes')")
    of_the_case(giver, "Handovers")
    giver.locator("summary", has_text="Take the offer to AMB-east back").click()
    giver.locator("form[id^=withdraw]").get_by_label("Because").fill("Our own car is nearer")
    giver.get_by_role("button", name="Take the offer back").click()
    giver.locator("main", has_text="the offer was taken back").wait_for()
    accept.click()
    taker.locator(".govuk-error-summary", has_text="POL holds the case").wait_for()
    taker.get_by_role("heading", name="What others did since your page was made").wait_for()
    assert "Our own car is nearer" in taker.inner_text("main")
    shot(taker, "second")
    axe(taker)


def test_two_colleagues_write_the_same_event_and_name_a_keeper_at_once(sit: Sit) -> None:
    one = sit("Call handler, POL")
    offer(Acts(one))
    two = sit("Supervisor, POL")
    two.goto(one.url)
    for page in (one, two):
        of_the_case(page, "Handovers")
        page.locator("summary", has_text="Name who of your agency keeps it").click()
        page.locator("form#keeper").get_by_label("To").select_option("supervisor.pol")
    one.get_by_role("button", name="Name the keeper").click()
    one.locator("main", has_text="the keeper was named").wait_for()
    two.get_by_role("button", name="Name the keeper").click()
    two.locator(".govuk-error-summary").wait_for()
    two.get_by_text("supervisor.pol keeps the case").first.wait_for()
    assert two.locator("form#keeper").count() == 1


def test_a_refused_form_stands_on_top_with_its_words_and_the_summary_leads_to_the_hole(sit: Sit) -> None:
    page = sit("Call handler, POL")
    offer(Acts(page))
    of_the_case(page, "Tasks")
    page.locator("summary", has_text="Point the person somewhere").click()
    form = page.locator("form#signpost")
    form.get_by_label("Where to").fill("the crisis line")
    form.get_by_role("button", name="Write down the signpost").click()
    page.locator(".govuk-error-summary a").click()
    assert page.evaluate("document.activeElement.id") == "signpost-reason"
    assert page.locator("form#signpost").get_by_label("Where to").input_value() == "the crisis line"
    axe(page)
    page.keyboard.type("she asked for it")
    page.keyboard.press("Enter")
    page.locator("main", has_text="A signpost is not a handover").wait_for()


def test_the_case_is_acted_on_without_javascript(sit: Sit) -> None:
    page = sit("Call handler, POL", java_script_enabled=False)
    page.get_by_role("button", name="Take a contact").click()
    page.get_by_role("button", name="999 call").click()
    page.goto(page.url.replace("/contact/", "/case/").rsplit("/", 2)[0] + "/times/")
    page.locator("summary", has_text="Something happened").click()
    form = page.locator("form#milestone")
    form.get_by_label("What").select_option("person_seen")
    form.get_by_label("Who saw it, and how").fill("our crew, at the door")
    form.get_by_role("button", name="Write it down").click()
    assert "our crew, at the door" in page.inner_text("main")


def test_axe_finds_nothing_where_people_erase_or_leave(sit: Sit) -> None:
    page = sit("Supervisor, POL")
    offer(Acts(page))
    case = page.url
    page.goto(f"{case}erase/")
    shot(page, "erase")
    axe(page)
    page.goto(f"{case}handovers/")
    page.locator("summary", has_text="Name who of your agency keeps it").click()
    page.locator("form#keeper").get_by_label("To").select_option("supervisor.pol")
    page.get_by_role("button", name="Name the keeper").click()
    page.get_by_role("button", name="Log off").click()
    page.get_by_role("heading", name="You still keep cases").wait_for()
    shot(page, "keeping")
    axe(page)
    for each in page.get_by_label("To").all():
        each.select_option("desk")
    while page.get_by_role("button", name="Name the keeper").count():
        page.get_by_label("To").first.select_option("desk")
        page.get_by_role("button", name="Name the keeper").first.click()
    page.get_by_role("heading", name="You keep no case").wait_for()
