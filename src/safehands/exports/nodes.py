"""The nodes of a CASE/UCO graph: identifiers that come out the same each time, and the shapes that validators accept.

What was learned by running ``case_validate`` on CASE 1.5.0: every node needs an identifier that ends in a UUID, facets
and hashes too; values of a vocabulary are plain strings; a misspelt term fails by the exit code alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

#: The space of our identifiers (RFC 9562, section 5.5).
SPACE: Final = uuid5(NAMESPACE_URL, "safehands: CASE/UCO export, version 1")

CONTEXT: Final[Mapping[str, str]] = {
    "action": "https://ontology.unifiedcyberontology.org/uco/action/",
    "core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
    "investigation": "https://ontology.caseontology.org/case/investigation/",
    "observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "types": "https://ontology.unifiedcyberontology.org/uco/types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

Node = dict[str, Any]


class Nodes:
    """The nodes of one case's graph, in the order in which they were made. ``case`` makes identifiers its own."""

    def __init__(self, case: str) -> None:
        self._case = case
        self._made: dict[str, Node] = {}

    def id_of(self, kind: str, name: str) -> str:
        """The identifier of a thing of this kind and name; the same for the same case, kind and name."""
        return f"kb:{kind}-{uuid5(SPACE, chr(10).join((self._case, kind, name)))}"

    def add(self, type_: str, kind: str, name: str, **fields: Any) -> str:
        """Add a node with the fields that are not empty; its identifier. ``core__name`` is written ``core:name``."""
        key = self.id_of(kind, name)
        told = {field.replace("__", ":"): value for field, value in fields.items() if value not in (None, "", [])}
        self._made[key] = {"@id": key, "@type": type_, **told}
        return key

    def extend(self, key: str, **fields: Any) -> None:
        """More fields of a node."""
        self._made[key] |= {field.replace("__", ":"): value for field, value in fields.items()}

    def __contains__(self, key: object) -> bool:
        return key in self._made

    def graph(self, base: str) -> dict[str, Any]:
        """The JSON-LD document; ``base`` is the address under which the identifiers lie."""
        return {"@context": {"kb": base, **CONTEXT}, "@graph": list(self._made.values())}

    def keys(self) -> list[str]:
        """The identifiers of all nodes."""
        return list(self._made)


def ref(key: str) -> Node:
    """A reference to a node."""
    return {"@id": key}


def refs(keys: Iterable[str]) -> list[Node]:
    """References, each once."""
    return [ref(key) for key in dict.fromkeys(keys)]


def instant(at: datetime) -> Node:
    """A typed time; the ontology wants a time of day and a zone."""
    return {"@type": "xsd:dateTime", "@value": at.astimezone(UTC).isoformat().replace("+00:00", "Z")}


def hex_binary(digest: str) -> Node:
    """A typed hash."""
    return {"@type": "xsd:hexBinary", "@value": digest}
