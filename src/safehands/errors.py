"""What can go wrong, as a taxonomy. This module imports nothing of ours.

Each error says what happened and what to do next, in words a caseworker can read. One table in each face
(command line, later the API and the desk) maps these classes to exit codes and status codes.
"""

from __future__ import annotations

from collections.abc import Iterable


class SafehandsError(Exception):
    """The root of every error that Safehands raises on purpose."""


class BadInput(SafehandsError):
    """Input that cannot be read. Names every fault at once; nothing was changed.

    ``faults`` is a tuple of sentences, one for each fault, each naming the place where it was found.
    """

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            raise ValueError("BadInput needs at least one fault")
        super().__init__("; ".join(self.faults))


class Refused(SafehandsError):
    """A command that should not have been sent: a rule says no. Nothing was changed.

    ``rule`` is the id of the rule, ``sentence`` what the caseworker reads, ``facts`` what the sentence was filled with.
    """

    def __init__(self, rule: str, sentence: str, **facts: object) -> None:
        self.rule = rule
        self.sentence = sentence
        self.facts = facts
        super().__init__(f"{sentence} [{rule}]")


class NotPermitted(SafehandsError):
    """The person or agency may not do this. Nothing was changed."""


class NotFound(SafehandsError):
    """There is no such thing, or you have no standing to know of it."""


class Stale(SafehandsError):
    """What the caller believed is no longer true. ``changed`` says in a sentence what changed."""

    def __init__(self, changed: str, **facts: object) -> None:
        self.changed = changed
        self.facts = facts
        super().__init__(changed)


class PathwayFault(SafehandsError):
    """A pathway that must not load. ``faults`` names file, table and row for each fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        if not self.faults:
            raise ValueError("PathwayFault needs at least one fault")
        super().__init__("\n".join(self.faults))


class LedgerFault(SafehandsError):
    """The ledger contradicts itself or a checkpoint. Stop writing and call a person."""
