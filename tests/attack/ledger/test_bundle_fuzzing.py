"""A bundle with any bytes changed is refused, found wrong, or still says exactly what it said."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from safehands.ledger.bundle import read_bundle, write_bundle
from safehands.ledger.faults import Malformed
from safehands.ledger.verify import Held, verify_bundle

NewLog = Callable[..., Any]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_any_bytes_of_a_bundle_are_changed(new_log: NewLog, data: st.DataObject) -> None:
    log = new_log()
    honest = log.bundle(log.continued(5))
    octets = write_bundle(honest)
    at = data.draw(st.integers(0, len(octets)))
    put, drop = data.draw(st.binary(max_size=3)), data.draw(st.integers(0, 3))
    bent = octets[:at] + put + octets[at + drop :]
    try:
        report = verify_bundle(bent, Held(log.signer.verifier.vkey, versions=6))
    except Malformed:
        return
    # What can differ without a fault is white space, and signatures by keys that nobody asked about.
    if report.ok:
        read = read_bundle(bent)
        assert replace(read, older=None) == replace(honest, older=None)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_any_field_of_a_bundle_holds_something_else(new_log: NewLog, data: st.DataObject) -> None:
    log = new_log()
    honest = json.loads(write_bundle(log.bundle(log.continued(5))))
    place = data.draw(st.sampled_from([honest, honest["older"], *honest["entries"]]))
    name = data.draw(st.sampled_from(sorted(place)))
    kept, place[name] = place[name], data.draw(JSON)
    try:
        report = verify_bundle(json.dumps(honest).encode(), Held(log.signer.verifier.vkey, versions=6))
    except Malformed:
        return
    assert not report.ok or place[name] in (kept, None)


FIELDS = (
    "holder",
    "held_from",
    "received_at",
    "held_until",
    "offer",
    "kind",
    "from_agency",
    "to_agency",
    "erased",
    "position",
)
VALUES = JSON | st.sampled_from(["POL", "AMB", "transfer", "support", "return", "offer-1", "2026-11-22T18:00:00Z"])
CONTENT = JSON | st.dictionaries(st.sampled_from(FIELDS), VALUES)
TYPES = ("case_opened", "handover_offered", "handover_accepted", "case_assumed", "case_closed", "case_reopened")


@settings(deadline=None, max_examples=300)
@given(contents=st.lists(st.tuples(st.sampled_from([*TYPES, "content_erased"]), CONTENT), min_size=1, max_size=5))
def test_genuine_entries_hold_anything_at_all(
    new_log: NewLog, new_entry: Callable[..., bytes], contents: list[tuple[str, Any]]
) -> None:
    log = new_log()
    for version, (type_, content) in enumerate(contents, 7):
        log.append(new_entry(version, type_, content, "18:00:00"))
    report = verify_bundle(write_bundle(log.bundle()), Held(log.signer.verifier.vkey))
    assert all(line.isprintable() for line in str(report).split("\n"))
    assert report.genuine or any("erased" in fault for fault in report.faults)
