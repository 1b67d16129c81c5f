"""Safehands: every case, always in someone's hands.

Decision support for handovers between organisations. A named person decides; the software advises,
keeps exactly one accountable agency for each case at every second, and can prove it afterwards.
"""

__version__ = "0.1.0"
