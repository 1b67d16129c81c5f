"""A person's own page at the edges: two people in one case, a page closed twice, the giving of a page erased."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from safehands.core import commands as c
from safehands.core import events as e
from safehands.core.evolve import evolve
from scenario import CALM, Story, alone, person, refused

POL = person("POL")


def opened() -> Story:
    return alone().at("10:00").opens(POL, said=CALM)


def gives(story: Story, page: str, contact: str) -> tuple[e.Event, ...]:
    return story.does(POL, c.GiveOwnPage(page, contact, "sms", story.now + timedelta(days=7)))


def test_a_new_page_for_one_caller_leaves_the_other_callers_page_open() -> None:
    story = opened()
    first = next(iter(story.case.contacts))
    story.joins(POL, "neighbour")
    second = next(name for name in story.case.contacts if name != first)
    gives(story, "one", first)
    gives(story, "two", second)
    gives(story, "three", second)
    gives(story, "four", second)
    assert {name for name, page in story.case.own_pages.items() if page.open} == {"one", "four"}


def test_a_page_that_is_not_wanted_any_more_is_closed_once() -> None:
    story = opened()
    gives(story, "one", next(iter(story.case.contacts)))
    assert [type(each) for each in story.does(POL, c.WithdrawOwnPage("one", "they asked for it"))] == [
        e.OwnPageWithdrawn
    ]
    with refused("own_page.closed"):
        story.does(POL, c.WithdrawOwnPage("one", "again"))


def test_erasing_the_giving_of_a_page_closes_every_page_of_the_case() -> None:
    story = opened()
    gives(story, "one", next(iter(story.case.contacts)))
    last = story.engine.entries(story.name)[-1].envelope
    erased = e.ContentErased((e.ErasedEntry(9, last.version, "own_page_given"),), "the chair", "asked to be forgotten")
    case = evolve(story.case, e.Entry(replace(last, version=last.version + 1), erased))
    assert [page.open for page in case.own_pages.values()] == [False]
