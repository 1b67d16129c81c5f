"""The ledger: what lets a stranger check that the record was not rewritten.

Pure: the standard library and ``cryptography``, nothing else of Safehands, no clock, no files, no network. The folder
can be copied alone to another machine and ``verify`` runs there.

========== ==========================================================================================
faults     the three ways in which a ledger complains
encoding   strict readers: base64, JSON, decimal numbers
tree       RFC 6962 hashes, growth, inclusion and consistency proofs
commitment what a leaf is: one salted commitment over the whole stored entry
note       C2SP signed notes with Ed25519: keys, signers, verifiers
checkpoint C2SP checkpoints and witnesses' cosignatures
tiles      C2SP tlog-tiles: paths, tiles, entry bundles, and a reader that believes nothing
tlog_proof C2SP ``.tlog-proof``: one entry's inclusion, to hand out with a letter
bundle     one case as one JSON file that proves itself
instants   RFC 3339 UTC to integer microseconds
custody    the auditor: who held the case, worked out from the entries alone
verify     ``python -m safehands.ledger.verify BUNDLE --vkey KEY``
========== ==========================================================================================
"""
