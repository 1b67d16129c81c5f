"""Proofs out of a store: which nodes are needed, one query, and the proof, checked before it is handed out."""

from __future__ import annotations

from collections.abc import Sequence

from safehands.errors import LedgerFault, NotFound
from safehands.ledger.faults import NotProved
from safehands.ledger.tree import (
    Node,
    check_consistency,
    check_inclusion,
    consistency_nodes,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
    root_from,
    root_nodes,
)
from safehands.store.ports import Head, Store


def inclusion(store: Store, position: int, head: Head) -> tuple[bytes, ...]:
    """The audit path (RFC 6962 section 2.1.1) of the entry at ``position`` in the tree of ``head.sealed`` entries.

    Raises ``NotFound`` where the entry is not sealed yet, ``LedgerFault`` where the stored nodes do not prove it.
    """
    if not 0 <= position < head.sealed:
        raise NotFound(f"Entry {position} is not among the {head.sealed} that are sealed.")
    wanted = inclusion_nodes(position, head.sealed)
    leaf, *hashes = _hashes(store, [Node(0, position), *wanted])
    proof = inclusion_proof(position, head.sealed, hashes)
    try:
        check_inclusion(leaf, position, head.sealed, proof, head.root)
    except NotProved as fault:
        raise LedgerFault(f"The stored tree does not prove entry {position}: {fault}") from fault
    return proof


def consistency(store: Store, old_size: int, head: Head) -> tuple[bytes, ...]:
    """The proof (RFC 6962 section 2.1.2) that the tree of ``head.sealed`` entries begins with that of ``old_size``.

    Raises ``NotFound`` where ``old_size`` is none or more than are sealed, ``LedgerFault`` where the stored nodes do
    not prove it.
    """
    if not 1 <= old_size <= head.sealed:
        raise NotFound(f"There is no checkpoint of {old_size} entries among the {head.sealed} that are sealed.")
    old_root = root_from(_hashes(store, root_nodes(old_size)))
    proof = consistency_proof(old_size, head.sealed, _hashes(store, consistency_nodes(old_size, head.sealed)))
    try:
        check_consistency(old_size, old_root, head.sealed, head.root, proof)
    except NotProved as fault:
        raise LedgerFault(f"The stored tree does not go on from {old_size} entries: {fault}") from fault
    return proof


def _hashes(store: Store, wanted: Sequence[Node]) -> list[bytes]:
    found = store.nodes(wanted)
    missing = [node for node in wanted if node not in found]
    if missing:
        raise LedgerFault(f"Nodes of the tree are missing: {[tuple(node) for node in missing]}")
    return [found[node] for node in wanted]
