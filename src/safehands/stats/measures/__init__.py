"""The measures of right care: every figure of section 4 of its sheet, declared, versioned and computed from facts
alone.

``declared`` (what a measure is, and how units become results) · ``units`` (what several measures count) · ``decisions``
· ``handovers`` · ``detention`` · ``custody`` (by subject) · ``inputs`` · ``external`` (figures that somebody declares)
· ``catalogue`` (all of them, and how they are computed together).
"""
