"""What provokes the rules about outcomes and complaints (``core.decide.outcomes``)."""

from __future__ import annotations

from datetime import timedelta

from refusals import refusal
from safehands.core import commands as c
from scenario import CALM, Story, person

POL = person("POL")
STRANGER = person("CSC", "desk")


def closed(story: Story) -> Story:
    """Advised and closed."""
    story.at("10:00").opens(POL, said=CALM)
    story.does(POL, c.Conclude())
    story.decides(POL, 0)
    story.tells(POL, attending="no")
    story.closes(POL)
    return story


@refusal("outcome.stranger")
def _(story: Story) -> object:
    closed(story)
    return story.does(STRANGER, c.RecordOutcome("death", "fatal", story.now, "a hospital"))


@refusal("outcome.kind")
def _(story: Story) -> object:
    closed(story)
    return story.does(POL, c.RecordOutcome("sad", "fatal", story.now, "a hospital"))


@refusal("outcome.severity")
def _(story: Story) -> object:
    closed(story)
    return story.does(POL, c.RecordOutcome("death", "minor", story.now, "a hospital"))


@refusal("outcome.future")
def _(story: Story) -> object:
    closed(story)
    return story.does(POL, c.RecordOutcome("death", "fatal", story.now + timedelta(hours=1), "a hospital"))


@refusal("complaint.known")
def _(story: Story) -> object:
    closed(story)
    story.does(POL, c.LinkComplaint("CO/1", story.now))
    return story.does(POL, c.LinkComplaint("CO/1", story.now))


@refusal("complaint.future")
def _(story: Story) -> object:
    closed(story)
    return story.does(POL, c.LinkComplaint("CO/1", story.now + timedelta(hours=1)))


@refusal("complaint.decision")
def _(story: Story) -> object:
    closed(story)
    return story.does(POL, c.LinkComplaint("CO/1", story.now, "no-such-decision"))
