"""The pathways of this installation: which version is adopted now, and every version that any case still runs under.

Adoption is an entry with the full text in the stream ``pathway/<name>``; a case finds its own version again by digest,
for ever.
"""

from __future__ import annotations

from safehands import codec
from safehands.core.events import Entry, Envelope, PathwayAdopted
from safehands.core.pathway import Pathway
from safehands.core.vocabulary import Actor, HappenedSource, PathwayRef
from safehands.errors import NotFound, Refused
from safehands.pathways.load import parse
from safehands.service.agencies import Switches
from safehands.service.clock import Clock
from safehands.store.ports import Append, NewEntry, Store


class Catalogue:
    """Adopted pathways by name and by digest, read from the ledger once and kept.

    ``switches`` says which of their streams a force has not switched on yet.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_digest: dict[str, Pathway] = {}
        self.switches = Switches(store)

    def current(self, name: str) -> Pathway:
        """The version of ``name`` that new cases open under."""
        adopted = self.history(name)
        if not adopted:
            raise NotFound(f"The pathway {name} has not been adopted here. Adopt it: safehands pathway adopt {name}")
        return self.by_ref(adopted[-1].pathway)

    def by_ref(self, ref: PathwayRef) -> Pathway:
        """The version that a case runs under."""
        if ref.digest not in self._by_digest:
            for event in self.history(ref.pathway):
                self._by_digest[event.pathway.digest] = parse(event.text)
        if ref.digest not in self._by_digest:
            raise NotFound(f"Version {ref.version} of the pathway {ref.pathway} was never adopted here.")
        return self._by_digest[ref.digest]

    def history(self, name: str) -> tuple[PathwayAdopted, ...]:
        """Every adoption of ``name``, oldest first."""
        entries = self._store.entries(f"pathway/{name}", agency=None)
        decoded = (codec.decode(each.entry).event for each in entries if each.entry is not None)
        return tuple(event for event in decoded if isinstance(event, PathwayAdopted))

    def adopt(self, pathway: Pathway, clock: Clock, proposed_by: Actor, confirmed_by: Actor) -> PathwayAdopted:
        """Adopt a proved pathway: two people, the full text, its digest. An adopted version is never edited."""
        if proposed_by.actor == confirmed_by.actor:
            raise Refused("pathway.two_people", "Adopting a pathway takes two people. Let somebody else confirm it.")
        earlier = self.history(pathway.ref.pathway)
        for event in earlier:
            if event.pathway == pathway.ref:
                raise Refused("pathway.adopted", "This version, with this text, has been adopted already.")
            if event.pathway.version == pathway.ref.version:
                raise Refused(
                    "pathway.edited",
                    f"Version {pathway.ref.version} was adopted with another text. Give this text a new version.",
                )
        event = PathwayAdopted(pathway.ref, pathway.text, proposed_by.actor, confirmed_by.actor)
        command = clock.new_id()
        stream = f"pathway/{pathway.ref.pathway}"
        at = clock.now()
        version = len(self._store.entries(stream, agency=None)) + 1
        envelope = Envelope(
            stream, version, clock.recorded_at(), at, HappenedSource.LIVE, confirmed_by, pathway.ref, command
        )
        stored = codec.encode(Entry(envelope, event))
        self._store.append(Append(command, stream, version - 1, (NewEntry(stream, version, stored),)))
        self._by_digest[pathway.ref.digest] = pathway
        return event
