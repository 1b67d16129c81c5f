"""What a finding means for somebody who reads the report of a scan: what is so as the table says, and what to do."""

from __future__ import annotations

from typing import Final

MEANINGS: Final = {
    "R01a": "The decision rests on a copy; its source was held, and nothing shows that the decider was told of it. "
    "Ask whether anybody has looked at the source since.",
    "R01b": "The decider knew of the source and did not have it. Ask why it was not supplied.",
    "R01c": "The decider had the source and did not look at it, and gave no reason. Ask for the reason.",
    "R01d": "The decider knew of the source, did not look at it, and signed why. Read the reason.",
    "R01late": "The source was looked at only for a later decision. The earlier one stays marked.",
    "R02": "This is a record of something else by its nature, and nobody has said where its source is. Ask for it.",
    "R08": "The letter says of the record what the table does not bear out. Somebody should look before more is said.",
    "R10a": "The decision rests on a copy that nobody but its maker checked against its source.",
    "R10late": "The copy was checked against its source only after the decision.",
    "R10b": "The copy was checked against its source only after the decision.",
    "R10c": "A check found that the copy differs from its source where it matters. Look at every decision on it.",
    "R12": "The review saw no more than the decision that it reviewed, or was made by the same person.",
    "R17": "Nobody can tell any more what this decision rested on.",
}
