"""The command line: ``safehands …``. One small module for each group of commands; no rule is decided here.

========== ==========================================================================================
main       the program: every command is registered here
errors     which error ends with which exit code, and how it is said
output     standard output and standard error, JSON, tables, progress
home       where an installation lies, and opening it
start      ``init`` · ``status``
pathway    ``pathway list · show · check · diff · try · adopt``
decide     ``decide``
replay     ``replay``
case       ``story`` · ``bundle`` · ``erase``
ledger     ``verify`` · ``rebuild``
demo       ``demo`` (its day lies in ``demo_day``)
bench      ``bench``
reference  ``python -m safehands.cli.reference``: the pages of docs/reference, made from the code
========== ==========================================================================================
"""
