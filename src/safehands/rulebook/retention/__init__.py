"""What forbids that a record is destroyed: rules that block, each agency's own. Never a date on a record.

``may_dispose`` answers with every reason that blocks, each with its source. No reason left does not mean "destroy it":
somebody has to have reviewed it, by name, after the last of the times ran out.
"""

from safehands.core.records.retaining import Block
from safehands.rulebook.retention.rules import (
    REVIEWED,
    Proceedings,
    agency_keeps,
    flags_at,
    may_dispose,
    prosecutors_keep,
)

__all__ = ["REVIEWED", "Block", "Proceedings", "agency_keeps", "flags_at", "may_dispose", "prosecutors_keep"]
