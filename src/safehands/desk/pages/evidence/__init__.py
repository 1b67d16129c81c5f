"""Pages of evidence: what an agency holds, where it is, what was made from it, who was given it, who asked for it."""
