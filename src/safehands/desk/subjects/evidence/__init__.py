"""Acts about records, one module a page of a case: its forms, and how each becomes a command."""
