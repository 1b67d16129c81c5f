"""The story of a stored case, with the words of the pathway version that it runs under."""

from __future__ import annotations

from safehands import codec
from safehands.errors import NotFound
from safehands.service.handle import Service
from safehands.service.story import Line, story_of_stored


def story_of_case(service: Service, case_id: str, *, agency: str | None) -> tuple[Line, ...]:
    """Every entry of a case as one line, in order; what was erased is told as erased.

    Raises ``NotFound`` where there is no such case or ``agency`` (None: the installation itself) has no standing in it.
    """
    stored = service.store.entries(f"case/{case_id}", agency=agency)
    if not stored:
        raise NotFound("There is no such case, or the agency has no standing in it.")
    decoded = {each.version: codec.decode(each.entry) for each in stored if each.entry is not None}
    under = next((entry.envelope.under for entry in decoded.values() if entry.envelope.under is not None), None)
    return story_of_stored(stored, decoded, service.catalogue.by_ref(under) if under is not None else None)
