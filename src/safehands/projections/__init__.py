"""Rows computed from cases and events. Projections compute; the store writes."""
