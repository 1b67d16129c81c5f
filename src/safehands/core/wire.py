"""Wire names: what an event is called in the ledger, independent of what its class is called or where it lives."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from safehands.core.events import EVENT_CLASSES


@cache
def wire_name(event_class: type) -> str:
    """The name of an event in the ledger: its class name in words, ``HandoverOffered`` -> ``handover_offered``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event_class.__name__).lower()


#: Every event class by its wire name.
EVENT_BY_NAME: Final[dict[str, type]] = {wire_name(each): each for each in EVENT_CLASSES}
