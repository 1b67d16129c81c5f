"""Registered pure functions that pathways name: arithmetic a table cannot say."""
