"""What was known before: earlier contacts of the same case and linked cases, with what they said and where it comes
from. Existence is shown always, content where the agency has standing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from safehands.core.decide.decisions import history
from safehands.core.decide.triage import REGISTERS
from safehands.core.vocabulary import Answer
from safehands.desk.apps import kernel
from safehands.desk.scene import Scene
from safehands.desk.seats import Seat
from safehands.desk.subjects.answers import named


@dataclass(frozen=True, slots=True)
class Earlier:
    """One piece of history as the page shows it. ``key`` is what is recorded as shown with a decision."""

    key: str
    text: str
    url: str
    at: datetime | None
    status: str
    readable: bool
    pooled: tuple[tuple[str, str, Answer], ...]


def earlier_of(scene: Scene) -> tuple[Earlier, ...]:
    """Everything that the core wants on the screen before anybody decides not to go, linked cases first."""
    return tuple(_earlier(scene, key) for key in history(scene.case))


def _earlier(scene: Scene, key: str) -> Earlier:
    case = scene.case
    said = tuple(
        (scene.words.question(each.question), read_of(scene, each), each)
        for each in case.answers.get(key, {}).values()
        if each.known
    )
    if key in case.contacts:
        at = case.contacts[key].contact.received_at
        return Earlier(key, named(scene, key), "", at, _("in this case"), readable=True, pooled=said)
    source = sources_of(scene.seat, key)
    return Earlier(key, source["text"], source["url"], source["at"], source["status"], source["readable"], said)


def sources_of(seat: Seat, stream: str) -> dict[str, Any]:
    """Another case as this agency may know it, or what the registers said, as a name and where it can be read."""
    nothing = {"url": "", "at": None, "status": "", "readable": False}
    if stream == REGISTERS:
        return {**nothing, "text": _("Our own records")}
    if not stream.startswith("case/"):
        return {**nothing, "text": ""}
    other = stream.removeprefix("case/")
    rows = kernel().store.pictures("case_picture", agency=seat.agency, where={"case_id": other})
    if not rows:
        text = _(
            "A case of another agency about the same person or place. You may know that it exists; ask its holder."
        )
        return {**nothing, "text": text}
    row = rows[0]
    return {
        "url": reverse("case", args=[other]),
        "at": row["opened_at"],
        "status": _("open, held by %(who)s") % {"who": row["holder"]} if row["status"] == "open" else _("closed"),
        "readable": True,
        "text": str(row["reference"]),
    }


def read_of(scene: Scene, answer: Answer) -> str:
    """An answer in the pathway's words."""
    codes = answer.value if isinstance(answer.value, tuple) else (str(answer.value),)
    return ", ".join(scene.words.choice(answer.question, code).replace("_", " ") for code in codes)
