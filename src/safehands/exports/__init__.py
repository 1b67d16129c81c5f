"""What leaves this system as documents: each a pure function from a material to bytes or rows.

``cells`` (what may stand in a spreadsheet's cell) · ``nodes`` and ``case_uco`` (CASE/UCO 1.5 JSON-LD) · ``provenance``
(W3C PROV-JSON) · ``schedules`` (numbering, block listings, descriptions that say nothing) · ``schedule_document``
(MG6C, MG6D and MG6E as PDF and CSV) · ``evidence`` (the pages of the evidence bundle).
"""
