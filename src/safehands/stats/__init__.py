"""Numbers over many cases. Pure functions over columns; nothing here decides about a case."""
