"""A case's material as W3C PROV, in PROV-JSON: records as entities, what was done as activities, agencies as agents.

Terms are PROV-DM's (W3C Recommendation, 30 April 2013), their writing is PROV-JSON's (W3C Member Submission, 24 April
2013). A derivation keeps how it was made as ``prov:type``. What a decision considered is ``used``; what it was only
told of is not. Give this function only what the reader may see.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid5

from safehands.core.records.material import Fact, Material
from safehands.core.records.vocabulary import RESTS_ON, Precision
from safehands.exports.nodes import SPACE

#: The space of our own words and identifiers, unless an installation has one of its own.
BASE: Final = "https://safehands.invalid/prov/"

_Json = dict[str, Any]


def prov_json(material: Material, case: str, *, names: Mapping[str, str] | None = None, base: str = BASE) -> bytes:
    """The PROV-JSON document of ``case`` (its reference); the same bytes for the same material."""
    document = _Document(case, base, names or {})
    _records(document, material)
    _shares(document, material)
    _decisions(document, material)
    return document.octets()


class _Document:
    """The statements of one document, by their kind."""

    def __init__(self, case: str, base: str, names: Mapping[str, str]) -> None:
        self._case = case
        self._names = names
        self._said: dict[str, _Json] = {"prefix": {"sh": base, "prov": "http://www.w3.org/ns/prov#"}}

    def key(self, kind: str, name: str) -> str:
        return f"sh:{kind}-{uuid5(SPACE, chr(10).join((self._case, kind, name)))}"

    def say(self, statement: str, key: str, **fields: Any) -> str:
        """One element or relation; empty fields are left out, ``prov__type`` is written ``prov:type``."""
        told = {field.replace("__", ":"): value for field, value in fields.items() if value not in (None, "")}
        self._said.setdefault(statement, {})[key] = told
        return key

    def relate(self, statement: str, **fields: Any) -> None:
        """A relation between elements, named after all that it relates."""
        name = "\n".join(f"{field}={value}" for field, value in sorted(fields.items()))
        self.say(statement, self.key(statement, name), **fields)

    def agent(self, code: str) -> str:
        organisation = {"$": "prov:Organization", "type": "prov:QUALIFIED_NAME"}
        return self.say(
            "agent", self.key("agency", code), prov__type=organisation, prov__label=self._names.get(code, code)
        )

    def octets(self) -> bytes:
        return json.dumps(self._said, ensure_ascii=False, indent=1).encode() + b"\n"


def _records(document: _Document, material: Material) -> None:
    for fact in _in_order(material.records):
        record = fact.event
        entity = document.say(
            "entity", document.key("record", record.record), prov__label=record.exhibit_ref, prov__type=str(record.kind)
        )
        document.relate("wasAttributedTo", prov__entity=entity, prov__agent=document.agent(record.agency))
        for name in material.copies_of.get(record.record, ()):
            copy = material.copies[name].event
            instance = document.say(
                "entity",
                document.key("copy", name),
                prov__label=name,
                prov__type=str(copy.medium),
                sh__sha256=copy.sha256,
            )
            document.relate("specializationOf", prov__specificEntity=instance, prov__generalEntity=entity)
    for fact in _in_order(material.derivations):
        made = fact.event
        derived, source = document.key("record", made.derived), document.key("record", made.source)
        if made.source not in material.records:
            document.say("entity", source, prov__label=made.source)
        at = None if made.made.precision is Precision.UNKNOWN else _instant(made.made.at)
        activity = document.say(
            "activity", document.key("making", made.derivation), prov__type=str(made.method), prov__startTime=at
        )
        document.relate("used", prov__activity=activity, prov__entity=source)
        document.relate("wasGeneratedBy", prov__entity=derived, prov__activity=activity)
        document.relate(
            "wasDerivedFrom",
            prov__generatedEntity=derived,
            prov__usedEntity=source,
            prov__activity=activity,
            prov__type=str(made.method),
        )
    for record in material.same_event:
        for each in material.same_event[record]:
            if each.event.one == record:
                document.relate(
                    "alternateOf",
                    prov__alternate1=document.key("record", each.event.one),
                    prov__alternate2=document.key("record", each.event.other),
                )


def _shares(document: _Document, material: Material) -> None:
    for fact in _in_order(material.shares):
        sent = fact.event
        activity = document.say(
            "activity", document.key("share", sent.share), prov__type="share", prov__startTime=_instant(sent.sent_at)
        )
        document.relate("used", prov__activity=activity, prov__entity=document.key("record", sent.record))
        document.relate("wasAssociatedWith", prov__activity=activity, prov__agent=document.agent(sent.from_agency))
        received = material.received.get(sent.share)
        if received is not None:
            receipt = document.say(
                "activity",
                document.key("receipt", sent.share),
                prov__type="receipt",
                prov__startTime=_instant(received.event.received_at),
                sh__sha256=received.event.sha256_received,
            )
            document.relate("wasInformedBy", prov__informed=receipt, prov__informant=activity)
            document.relate("wasAssociatedWith", prov__activity=receipt, prov__agent=document.agent(sent.to_agency))


def _decisions(document: _Document, material: Material) -> None:
    for fact in _in_order(material.decisions):
        made = fact.event
        activity = document.say(
            "activity",
            document.key("decision", made.decision),
            prov__type=str(made.kind),
            prov__label=made.decision,
            prov__startTime=_instant(made.made_at),
        )
        document.relate("wasAssociatedWith", prov__activity=activity, prov__agent=document.agent(made.decider_agency))
        for seen in made.considered:
            if seen.mode in RESTS_ON:
                document.relate(
                    "used",
                    prov__activity=activity,
                    prov__entity=document.key("record", seen.record),
                    prov__type=str(seen.mode),
                )
        if made.reviews is not None and made.reviews in material.decisions:
            document.relate(
                "wasInformedBy", prov__informed=activity, prov__informant=document.key("decision", made.reviews)
            )


def _in_order(kept: Mapping[str, Fact[Any]]) -> list[Fact[Any]]:
    return sorted(kept.values(), key=lambda fact: fact.seq)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
