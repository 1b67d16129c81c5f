"""What provokes the rules about a person's own page (``core.decide.own_pages``)."""

from __future__ import annotations

from datetime import timedelta

from refusals import refusal
from safehands.core import commands as c
from safehands.core.vocabulary import Actor
from scenario import CALM, Story, person

POL = person("POL")
STRANGER = person("CSC", "desk")


def begun(story: Story) -> Story:
    """A call that needs nobody to go."""
    story.at("10:00").opens(POL, said=CALM)
    return story


def given(story: Story, page: str = "page-1", *, by: Actor = POL, channel: str = "sms", days: int = 7) -> object:
    """The person of the first contact gets a page."""
    contact = next(iter(story.case.contacts))
    return story.does(by, c.GiveOwnPage(page, contact, channel, story.now + timedelta(days=days)))


@refusal("own_page.holder")
def _(story: Story) -> object:
    return given(begun(story), by=STRANGER)


@refusal("own_page.known")
def _(story: Story) -> object:
    given(begun(story))
    return given(story)


@refusal("own_page.channel")
def _(story: Story) -> object:
    return given(begun(story), channel="pigeon")


@refusal("own_page.until")
def _(story: Story) -> object:
    return given(begun(story), days=91)


@refusal("own_page.closed")
def _(story: Story) -> object:
    given(begun(story))
    given(story, "page-2")
    return story.does(POL, c.WithdrawOwnPage("page-1", "they asked for it"))


@refusal("own_page.not_yours")
def _(story: Story) -> object:
    given(begun(story))
    return story.does(STRANGER, c.WithdrawOwnPage("page-1", "curious"))
