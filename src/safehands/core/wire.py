"""Wire names: what an event is called in the ledger, independent of what its class is called or where it lives."""

from __future__ import annotations

import re
from typing import Final

from safehands.core.events import EVENT_CLASSES


def _in_words(class_name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


#: The wire name of every event class: its name in words, ``HandoverOffered`` -> ``handover_offered``.
NAME_OF: Final[dict[type, str]] = {each: _in_words(each.__name__) for each in EVENT_CLASSES}

#: Every event class by its wire name.
EVENT_BY_NAME: Final[dict[str, type]] = {name: each for each, name in NAME_OF.items()}


def wire_name(event_class: type) -> str:
    """The name of an event in the ledger."""
    return NAME_OF[event_class]
