"""decide(command, case, pathway) -> events, one small module a subject."""
