"""Then and now: nothing is done here. The page answers what the register said at an earlier moment."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as lazy

from safehands.desk.forms import Form
from safehands.desk.scene import Scene
from safehands.desk.subjects.act import Act

SECTION = "then"
TITLE = lazy("Then and now")
ASKS = lazy("What did the register say on a day, or when a decision was made, and what does it say now?")


def forms(_scene: Scene) -> Iterator[Form]:
    """None."""
    yield from ()


ACTS: tuple[Act, ...] = ()
