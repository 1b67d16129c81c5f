"""Pages about records, one module a page."""
