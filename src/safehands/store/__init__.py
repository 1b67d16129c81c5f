"""The only writer: ports, the memory store (the oracle), PostgreSQL, the vault, the embedded server."""
