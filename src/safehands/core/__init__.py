"""The pure core: what a case is, what may happen to it and why.

Standard library only; no clock, no network, no database.
"""
