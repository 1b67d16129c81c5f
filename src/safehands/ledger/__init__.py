"""The ledger: RFC 6962 tree, signed checkpoints, tiles, bundles, and a verifier that runs alone."""
