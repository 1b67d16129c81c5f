"""Digital files: received as a stream, hashed, stored under an id of ours, scanned where there is a scanner. No content
of a file ever reaches the ledger.

``playback`` (what of a recording was played) · ``names`` (what may be shown of a file's name) · ``scanning`` (the port
to a malware scanner) · ``clamd`` (one such scanner) · ``places`` (where files lie, by setting) · ``receiving`` (the way
in).
"""
