"""The graph of one case while it is made, and the shapes that every room writes: actions, notes, agencies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from safehands.core.records.material import Fact, Material
from safehands.core.records.reading import now
from safehands.exports.nodes import Nodes, instant, ref, refs

_ACTION: Final = "investigation:InvestigativeAction"
_NOTE: Final = "core:Annotation"


class Graph:
    """The graph of one case while it is made: the material, its nodes, and the shapes that every part of it uses."""

    def __init__(self, material: Material, case: str, names: Mapping[str, str]) -> None:
        self.material = material
        self.reading = now(material)
        self.nodes = Nodes(case)
        self.names = names
        #: The actions that brought a record about, by record: what uses the record was informed by them.
        self.origins: dict[str, list[str]] = {}

    # --- shared shapes

    def agency(self, code: str) -> str:
        """The organisation of an agency's code."""
        return self.nodes.add("identity:Organization", "agency", code, core__name=self.names.get(code, code))

    def provenance(self, record: str) -> str:
        """The identifier of a record's provenance record, whether it is registered or only named."""
        key = self.nodes.id_of("provenance", record)
        if key not in self.nodes:
            self.nodes.add("investigation:ProvenanceRecord", "provenance", record, investigation__exhibitNumber=record)
        return key

    def action(
        self,
        kind: str,
        name: str,
        title: str,
        *,
        at: datetime | None,
        by: str = "",
        until: datetime | None = None,
        to: Iterable[str] = (),
        about: Iterable[str] = (),
        brings: Iterable[str] = (),
        tags: Iterable[str] = (),
        after: Iterable[str] = (),
    ) -> str:
        """An action on records. It was informed by what brought these records about, and by ``after``."""
        about = list(about)
        informed = [each for record in about for each in self.origins.get(record, ())]
        informed += [key for key in after if key in self.nodes]
        return self.nodes.add(
            _ACTION,
            kind,
            name,
            core__name=title,
            core__tag=[f"safehands:{tag}" for tag in tags],
            action__startTime=None if at is None else instant(at),
            action__endTime=None if until is None else instant(until),
            action__performer=ref(self.agency(by)) if by else None,
            action__participant=refs(self.agency(code) for code in to if code),
            action__object=refs(self.provenance(record) for record in about),
            action__result=refs(brings),
            investigation__wasInformedBy=refs(informed),
        )

    def note(self, kind: str, name: str, statement: str, about: Iterable[str], *tags: str) -> None:
        """A statement about other nodes."""
        self.nodes.add(
            _NOTE,
            kind,
            name,
            core__statement=[statement],
            core__tag=[f"safehands:{tag}" for tag in tags],
            core__object=refs(about),
        )

    def exhibit(self, record: str) -> str:
        """A record's exhibit number; its id where it has none."""
        fact = self.material.records.get(record)
        return fact.event.exhibit_ref or record if fact is not None else record


def in_order(kept: Mapping[str, Fact[Any]]) -> list[Fact[Any]]:
    """The facts in the order of learning."""
    return sorted(kept.values(), key=lambda fact: fact.seq)


def words(code: str) -> str:
    """A code of the vocabulary as words."""
    return str(code).replace("_", " ")
