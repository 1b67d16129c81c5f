"""The desk's own tables, version by version."""
